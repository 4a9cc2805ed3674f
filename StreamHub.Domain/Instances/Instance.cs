using System.Collections.Immutable;
using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Instances;

/// <summary>An app for its people: whether it should run, what it waits for, and the runs it owns.</summary>
/// <param name="App">The app as registered now.</param>
public sealed record Instance(InstanceKey Key, App App)
{
    /// <summary>Whether it should be running.</summary>
    public Desired Desired { get; init; } = Desired.Off.Instance;

    /// <summary>What it waits for before the next run.</summary>
    public Waiting Waiting { get; init; } = Waiting.Nothing.Instance;

    /// <summary>Its living runs, oldest first; at most one is Starting and at most one is Ready.</summary>
    public ImmutableArray<Run> Runs { get; init; } = [];

    /// <summary>Recent failures, oldest first.</summary>
    public ImmutableArray<RunExit> Failures { get; init; } = [];

    /// <summary>How the last run ended.</summary>
    public RunExit? LastExit { get; init; }

    /// <summary>Runs that followed another run since the hub knows this instance.</summary>
    public int Restarts { get; init; }

    /// <summary>What the people on the present run, or on the one that was stopped for it, are told of the next one; null for nothing.</summary>
    public string? RestartWhy { get; init; }

    /// <summary>Whether the app was removed; the instance goes when its last run has.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>The run that takes visitors, if one does.</summary>
    public Run? ReadyRun => Find(static run => run.State is RunState.Ready);

    /// <summary>The run that is coming up, if one is.</summary>
    public Run? StartingRun => Find(static run => run.State is RunState.Starting);

    /// <summary>Whether its last run has yet to end before the next one can start.</summary>
    internal bool IsClearing => ReadyRun is null && Find(static run => run.IsEnding) is not null;

    /// <summary>The instance in one word.</summary>
    public InstanceStatus Status => this switch
    {
        { ReadyRun.Hang: not null, StartingRun: null } => InstanceStatus.Hung,
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

    /// <summary>Whether both look the same to those who watch the instance: they see that it is used by whom, not when it last was.</summary>
    public bool ShowsSameAs(Instance? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Watched(this) == Watched(other) && Runs.Select(Watched).SequenceEqual(other.Runs.Select(Watched)));

    private static Instance Watched(Instance instance) => instance with { Runs = [], Failures = [] };

    private static Run Watched(Run run) => run with { LastUsed = default, LastActed = null };

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
