using System.Globalization;
using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Runs;

/// <summary>The decoded exit of a run.</summary>
/// <param name="Code">
/// The system's name: <c>SIGKILL (9)</c>, <c>0xC0000005 STATUS_ACCESS_VIOLATION</c>, <c>exit code 3</c>, or the setting that ended it:
/// <c>startTimeout 60s</c>; null for none.
/// </param>
public sealed record ExitReading(ExitMeaning Meaning, string? Code)
{
    // signal(7), the numbers of x86 and ARM.
    private static readonly Dictionary<int, (string Name, ExitMeaning Meaning)> Signals = new()
    {
        [1] = ("SIGHUP", ExitMeaning.Interrupted),
        [2] = ("SIGINT", ExitMeaning.Interrupted),
        [3] = ("SIGQUIT", ExitMeaning.Interrupted),
        [4] = ("SIGILL", ExitMeaning.Broken),
        [5] = ("SIGTRAP", ExitMeaning.Broken),
        [6] = ("SIGABRT", ExitMeaning.Aborted),
        [7] = ("SIGBUS", ExitMeaning.Broken),
        [8] = ("SIGFPE", ExitMeaning.Broken),
        [9] = ("SIGKILL", ExitMeaning.Killed),
        [11] = ("SIGSEGV", ExitMeaning.Broken),
        [13] = ("SIGPIPE", ExitMeaning.Failed),
        [14] = ("SIGALRM", ExitMeaning.Interrupted),
        [15] = ("SIGTERM", ExitMeaning.Interrupted),
        [24] = ("SIGXCPU", ExitMeaning.Killed),
        [25] = ("SIGXFSZ", ExitMeaning.Killed),
        [31] = ("SIGSYS", ExitMeaning.Broken),
    };

    // [MS-ERREF] 2.3.1, the values that terminate processes.
    private static readonly Dictionary<uint, (string Name, ExitMeaning Meaning)> Statuses = new()
    {
        [0x40010004] = ("DBG_TERMINATE_PROCESS", ExitMeaning.Killed),
        [0x80000003] = ("STATUS_BREAKPOINT", ExitMeaning.Broken),
        [0xC0000005] = ("STATUS_ACCESS_VIOLATION", ExitMeaning.Broken),
        [0xC0000006] = ("STATUS_IN_PAGE_ERROR", ExitMeaning.Broken),
        [0xC0000017] = ("STATUS_NO_MEMORY", ExitMeaning.NoMemory),
        [0xC000001D] = ("STATUS_ILLEGAL_INSTRUCTION", ExitMeaning.Broken),
        [0xC0000094] = ("STATUS_INTEGER_DIVIDE_BY_ZERO", ExitMeaning.Broken),
        [0xC00000FD] = ("STATUS_STACK_OVERFLOW", ExitMeaning.Broken),
        [0xC000012D] = ("STATUS_COMMITMENT_LIMIT", ExitMeaning.NoMemory),
        [0xC0000135] = ("STATUS_DLL_NOT_FOUND", ExitMeaning.NotLoaded),
        [0xC0000138] = ("STATUS_ORDINAL_NOT_FOUND", ExitMeaning.NotLoaded),
        [0xC0000139] = ("STATUS_ENTRYPOINT_NOT_FOUND", ExitMeaning.NotLoaded),
        [0xC000013A] = ("STATUS_CONTROL_C_EXIT", ExitMeaning.Interrupted),
        [0xC0000142] = ("STATUS_DLL_INIT_FAILED", ExitMeaning.NotLoaded),
        [0xC0000374] = ("STATUS_HEAP_CORRUPTION", ExitMeaning.Broken),
        [0xC0000409] = ("STATUS_STACK_BUFFER_OVERRUN", ExitMeaning.Aborted),
        [0xE06D7363] = ("C++ exception", ExitMeaning.Broken),
    };

    /// <summary>Decodes an exit.</summary>
    public static ExitReading Of(ExitOutcome outcome, string? errorLine = null) => outcome switch
    {
        ExitOutcome.Exited { Code: 0 } => new(ExitMeaning.Finished, "exit code 0"),
        ExitOutcome.Exited { Code: > 128 and < 160 } exited when Signals.TryGetValue(exited.Code - 128, out var signal) =>
            new(signal.Meaning, $"exit code {Text(exited.Code)}: {signal.Name} in a process that it started"),
        ExitOutcome.Exited exited when Statuses.TryGetValue(unchecked((uint)exited.Code), out var status) =>
            new(status.Meaning, $"0x{unchecked((uint)exited.Code):X8} {status.Name}"),
        ExitOutcome.Exited { Code: < 0 } exited => new(ExitMeaning.Failed, $"exit code 0x{unchecked((uint)exited.Code):X8}"),
        ExitOutcome.Exited exited => new(IsMemory(errorLine) ? ExitMeaning.NoMemory : ExitMeaning.Failed, $"exit code {Text(exited.Code)}"),
        ExitOutcome.Signalled signalled when Signals.TryGetValue(signalled.Signal, out var signal) =>
            new(signal.Meaning, $"{signal.Name} ({Text(signalled.Signal)})"),
        ExitOutcome.Signalled signalled => new(ExitMeaning.Killed, $"signal {Text(signalled.Signal)}"),
        ExitOutcome.NotLaunched => new(ExitMeaning.NotLaunched, null),
        ExitOutcome.Refused => new(ExitMeaning.Refused, null),
        ExitOutcome.Ended { Reason: StopReason.StartTimeout, Limit: var limit } => new(ExitMeaning.Late, limit is { } late ? $"startTimeout {Duration.Format(late)}" : null),
        ExitOutcome.Ended { Reason: StopReason.Memory } => new(ExitMeaning.OverMemory, null),
        ExitOutcome.Ended { Reason: StopReason.Hung } => new(ExitMeaning.Hung, null),
        _ => new(ExitMeaning.Unknown, null),
    };

    private static bool IsMemory(string? errorLine) => errorLine?.StartsWith("MemoryError", StringComparison.Ordinal) ?? false;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
