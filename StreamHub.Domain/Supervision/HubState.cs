using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>The supervisor's whole state. Immutable: readers take the reference and never lock.</summary>
/// <param name="Instances">Every shared instance of the registered apps, and per-user instances since their first demand.</param>
public sealed record HubState(ImmutableSortedDictionary<InstanceKey, Instance> Instances, RunId NextRun)
{
    /// <summary>The registered apps.</summary>
    public ImmutableDictionary<AppSlug, App> Apps { get; init; } = ImmutableDictionary<AppSlug, App>.Empty;

    /// <summary>Set during maintenance of the whole hub.</summary>
    public Hold? Maintenance { get; init; }

    /// <summary>Whether the hub runs, or how it stops.</summary>
    public HubPhase Phase { get; init; }

    /// <summary>Whether launches are permitted.</summary>
    public bool IsOpen => Phase is HubPhase.Running && Maintenance is null;

    /// <summary>Every living run with its instance.</summary>
    public IEnumerable<(Instance Instance, Run Run)> Runs =>
        Instances.Values.SelectMany(static instance => instance.Runs, static (instance, run) => (instance, run));

    /// <summary>
    /// Queued instances: first those without a serving run, then replacements, then warm starts; the longest wait first in each
    /// group.
    /// </summary>
    internal IEnumerable<Instance> Queue =>
        from instance in Instances.Values
        let queued = instance.Waiting as Waiting.Queued
        where queued is not null
        orderby queued.Reason is QueueReason.Warm, instance.ReadyRun is not null, queued.Since
        select instance;

    /// <summary>Instances with waiting visitors, queued or in backoff, in start order.</summary>
    public IEnumerable<InstanceKey> Line =>
        Queue.Where(static instance => instance is { ReadyRun: null, Waiting: Waiting.Queued { Reason: not QueueReason.Warm } })
            .Concat(Instances.Values.Where(static instance => instance.Waiting is Waiting.Backoff)).Select(static instance => instance.Key);

    /// <summary>The state of a hub without apps.</summary>
    /// <param name="nextRun">Greater than every run number in the data directory.</param>
    public static HubState Create(RunId nextRun) =>
        new(ImmutableSortedDictionary.Create<InstanceKey, Instance>(InstanceOrder), nextRun);

    private static readonly Comparer<InstanceKey> InstanceOrder = Comparer<InstanceKey>.Create(static (left, right) =>
        left.App.CompareTo(right.App) is var byApp and not 0
            ? byApp
            : string.CompareOrdinal(left.User?.ToString(), right.User?.ToString()));

    /// <summary>The instance; null when unknown.</summary>
    public Instance? Find(InstanceKey key) => Instances.GetValueOrDefault(key);

    /// <summary>Whether a visit would change anything: other visits are not posted.</summary>
    public bool AwaitsVisit(InstanceKey key) => IsOpen && (Find(key) is not { } instance || Demand.AwaitsVisit(instance));

    /// <summary>The instance that owns a living run; null when the run has ended.</summary>
    public Instance? Owner(RunId run)
    {
        foreach (var instance in Instances.Values)
        {
            foreach (var candidate in instance.Runs)
            {
                if (candidate.Id == run)
                {
                    return instance;
                }
            }
        }

        return null;
    }

    internal HubState With(Instance instance) => this with { Instances = Instances.SetItem(instance.Key, instance) };
}
