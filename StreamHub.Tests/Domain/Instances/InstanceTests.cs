using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Tests.Domain.Instances;

/// <summary>What an instance says about itself.</summary>
public sealed class InstanceTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 12, 0, 0, TimeSpan.Zero);

    private static readonly App App = new(AppSlug.Parse("x"), "x", new AppRuntime.Command(["x"], null));

    [Theory]
    [InlineData("backoff", null, null, true)]
    [InlineData("quarantined", null, null, true)]
    [InlineData("queued", null, null, true)]
    [InlineData("nothing", 6, null, true)] // The next attempt has begun.
    [InlineData("nothing", 6, 4, true)] // It was a successor of the one that serves.
    [InlineData("nothing", null, 6, false)] // The next attempt serves.
    [InlineData("nothing", null, null, false)] // Nobody wants it any more.
    public void The_last_failure_is_a_problem_until_another_attempt_serves(string waiting, int? starting, int? ready, bool isProblem)
    {
        var failed = new RunExit(new RunId(5), Start, TimeSpan.Zero, new ExitOutcome.Exited(1));
        var instance = new Instance(new InstanceKey(App.Slug), App)
        {
            LastExit = failed,
            Waiting = waiting switch
            {
                "backoff" => new Waiting.Backoff(Start, 1),
                "quarantined" => new Waiting.Quarantined(Start, QuarantineReason.ConfigurationError),
                "queued" => new Waiting.Queued(Start, QueueReason.Retry),
                _ => Waiting.Nothing.Instance,
            },
            Runs = ImmutableArray.CreateRange(
                new[] { (ready, (RunState)new RunState.Ready(Start)), (starting, new RunState.Starting(Start)) }
                    .Where(run => run.Item1 is not null).Select(run => new Run(new RunId(run.Item1!.Value), run.Item2, Start, Start))),
        };

        instance.LastFailure.Should().Be(isProblem ? failed : null);
        (instance with { LastExit = failed with { Outcome = new ExitOutcome.Ended(StopReason.Idle) } }).LastFailure.Should().BeNull();
    }
}
