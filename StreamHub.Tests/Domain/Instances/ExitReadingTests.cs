using StreamHub.Domain.Runs;

namespace StreamHub.Tests.Domain.Instances;

public sealed class ExitReadingTests
{
    public static TheoryData<ExitOutcome, string?, ExitMeaning, string?> Ends => new()
    {
        { new ExitOutcome.Exited(0), null, ExitMeaning.Finished, "exit code 0" },
        { new ExitOutcome.Exited(1), "ModuleNotFoundError: No module named 'nope'", ExitMeaning.Failed, "exit code 1" },
        { new ExitOutcome.Exited(1), "MemoryError", ExitMeaning.NoMemory, "exit code 1" },
        { new ExitOutcome.Exited(3), null, ExitMeaning.Failed, "exit code 3" },
        { new ExitOutcome.Exited(137), null, ExitMeaning.Killed, "exit code 137: SIGKILL in a process that it started" },
        { new ExitOutcome.Exited(129), null, ExitMeaning.Interrupted, "exit code 129: SIGHUP in a process that it started" },
        { new ExitOutcome.Exited(128), null, ExitMeaning.Failed, "exit code 128" },
        { new ExitOutcome.Exited(255), null, ExitMeaning.Failed, "exit code 255" },
        { new ExitOutcome.Exited(unchecked((int)0xC0000005)), null, ExitMeaning.Broken, "0xC0000005 STATUS_ACCESS_VIOLATION" },
        { new ExitOutcome.Exited(unchecked((int)0xC0000409)), null, ExitMeaning.Aborted, "0xC0000409 STATUS_STACK_BUFFER_OVERRUN" },
        { new ExitOutcome.Exited(unchecked((int)0xC000013A)), null, ExitMeaning.Interrupted, "0xC000013A STATUS_CONTROL_C_EXIT" },
        { new ExitOutcome.Exited(unchecked((int)0xC0000135)), null, ExitMeaning.NotLoaded, "0xC0000135 STATUS_DLL_NOT_FOUND" },
        { new ExitOutcome.Exited(unchecked((int)0xC0000017)), null, ExitMeaning.NoMemory, "0xC0000017 STATUS_NO_MEMORY" },
        { new ExitOutcome.Exited(unchecked((int)0xC0FFEE00)), null, ExitMeaning.Failed, "exit code 0xC0FFEE00" },
        { new ExitOutcome.Signalled(6), null, ExitMeaning.Aborted, "SIGABRT (6)" },
        { new ExitOutcome.Signalled(9), null, ExitMeaning.Killed, "SIGKILL (9)" },
        { new ExitOutcome.Signalled(11), null, ExitMeaning.Broken, "SIGSEGV (11)" },
        { new ExitOutcome.Signalled(15), null, ExitMeaning.Interrupted, "SIGTERM (15)" },
        { new ExitOutcome.Signalled(64), null, ExitMeaning.Killed, "signal 64" },
        { new ExitOutcome.Ended(StopReason.StartTimeout), null, ExitMeaning.Late, null },
        { new ExitOutcome.Ended(StopReason.StartTimeout, TimeSpan.FromSeconds(90)), null, ExitMeaning.Late, "startTimeout 90s" },
        { new ExitOutcome.NotLaunched("no such file"), null, ExitMeaning.NotLaunched, null },
        { new ExitOutcome.Refused("exposed"), null, ExitMeaning.Refused, null },
        { new ExitOutcome.Ended(StopReason.Memory), null, ExitMeaning.OverMemory, null },
        { new ExitOutcome.Ended(StopReason.Hung), null, ExitMeaning.Hung, null },
        { new ExitOutcome.Ended(StopReason.Idle), null, ExitMeaning.Unknown, null },
        { new ExitOutcome.Ended(StopReason.LeftBehind), "MemoryError", ExitMeaning.Unknown, null },
        { new ExitOutcome.Vanished(), null, ExitMeaning.Unknown, null },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void An_end_is_read_so(ExitOutcome outcome, string? errorLine, ExitMeaning meaning, string? code) =>
        ExitReading.Of(outcome, errorLine).Should().Be(new ExitReading(meaning, code));
}
