using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Instances;

/// <summary>An app as it is served to one user or to all: desired state, waiting state and living runs.</summary>
/// <param name="App">The app's current registration.</param>
public sealed record Instance(InstanceKey Key, App App)
{
    /// <summary>Whether it should be running.</summary>
    public Desired Desired { get; init; } = Desired.Off.Instance;

    /// <summary>What the next run waits for.</summary>
    public Waiting Waiting { get; init; } = Waiting.Nothing.Instance;

    /// <summary>Living runs, oldest first; at most one is Starting and at most one is Ready.</summary>
    public ImmutableArray<Run> Runs { get; init; } = [];

    /// <summary>Recent failures, oldest first.</summary>
    public ImmutableArray<RunExit> Failures { get; init; } = [];

    public RunExit? LastExit { get; init; }

    /// <summary>The last exit while it is a problem: the next attempt is to come or has begun, or it was one beside the run that serves.</summary>
    public RunExit? LastFailure =>
        LastExit is { IsFailure: true } exit && (ReadyRun is { } ready ? ready.Id.CompareTo(exit.Run) < 0 : StartingRun is not null || Waiting is not Waiting.Nothing) ? exit : null;

    /// <summary>Runs that replaced another run since the hub started to track this instance.</summary>
    public int Restarts { get; init; }

    /// <summary>The message about the next run for users of the present or the stopped run; null for none.</summary>
    public string? RestartWhy { get; init; }

    /// <summary>Whether the app was removed; the instance is removed with its last run.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>The run that serves new sessions; null for none.</summary>
    public Run? ReadyRun => Find(static run => run.State is RunState.Ready);

    /// <summary>The run that is starting; null for none.</summary>
    public Run? StartingRun => Find(static run => run.State is RunState.Starting);

    /// <summary>Whether the last run must exit before the next one can start.</summary>
    internal bool IsClearing => ReadyRun is null && Find(static run => run.IsEnding) is not null;

    public InstanceStatus Status => this switch
    {
        { ReadyRun.IsUnresponsive: true, StartingRun: null } => InstanceStatus.Hung,
        { ReadyRun: not null, StartingRun: null } => InstanceStatus.Running,
        { ReadyRun: not null } => InstanceStatus.Restarting,
        { StartingRun: not null } => InstanceStatus.Starting,
        { Waiting: Waiting.Queued, IsClearing: true } => InstanceStatus.Restarting,
        { Waiting: Waiting.Queued } => InstanceStatus.Queued,
        { Waiting: Waiting.Backoff } => InstanceStatus.Backoff,
        { Waiting: Waiting.Quarantined } => InstanceStatus.Quarantined,
        { Desired: Desired.On, Runs.Length: > 0 } => InstanceStatus.Restarting,
        { Runs.Length: > 0 } => InstanceStatus.Stopping,
        { Desired: Desired.Held } => InstanceStatus.Held,
        _ => InstanceStatus.Stopped,
    };

    /// <summary>Whether both look the same to observers: these see by whom the instance is used, but not when it was last used.</summary>
    public bool ShowsSameAs(Instance? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Watched(this) == Watched(other) && Runs.Select(Watched).SequenceEqual(other.Runs.Select(Watched)));

    private static Instance Watched(Instance instance) => instance with { Runs = [], Failures = [] };

    private static Run Watched(Run run) => run with { LastUsed = default, LastActed = null, LastUnderWay = null };

    /// <summary>This instance with one of its runs replaced.</summary>
    internal Instance With(Run run) => this with { Runs = Runs.Replace(Runs.First(old => old.Id == run.Id), run) };

    private Run? Find(Predicate<Run> matches)
    {
        foreach (var run in Runs)
        {
            if (matches(run))
            {
                return run;
            }
        }

        return null;
    }
}
