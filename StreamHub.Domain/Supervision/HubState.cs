using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>All that the supervisor knows. Immutable: readers take the reference and never lock.</summary>
/// <param name="Instances">Every shared instance of the registered apps, and the per-user ones that were ever wanted.</param>
/// <param name="NextRun">The number of the next run.</param>
public sealed record HubState(ImmutableSortedDictionary<InstanceKey, Instance> Instances, RunId NextRun)
{
    /// <summary>The registered apps.</summary>
    public ImmutableDictionary<AppSlug, App> Apps { get; init; } = ImmutableDictionary<AppSlug, App>.Empty;

    /// <summary>Set while an admin has stopped the whole hub.</summary>
    public Hold? Maintenance { get; init; }

    /// <summary>Whether the hub runs, or how it is on its way out.</summary>
    public HubPhase Phase { get; init; }

    /// <summary>Whether anything may be launched.</summary>
    public bool IsOpen => Phase is HubPhase.Running && Maintenance is null;

    /// <summary>Every living run with its instance.</summary>
    public IEnumerable<(Instance Instance, Run Run)> Runs =>
        Instances.Values.SelectMany(static instance => instance.Runs, static (instance, run) => (instance, run));

    /// <summary>The instances that wait for room: those that nothing serves, then those that get a fresh run, then those that nobody wants yet; each time the longest wait first.</summary>
    internal IEnumerable<Instance> Queue =>
        from instance in Instances.Values
        let queued = instance.Waiting as Waiting.Queued
        where queued is not null
        orderby queued.Reason is QueueReason.Warm, instance.ReadyRun is not null, queued.Since
        select instance;

    /// <summary>Whose visitors wait for room, or for the end of a pause: in the order in which they are next.</summary>
    public IEnumerable<InstanceKey> Line =>
        Queue.Where(static instance => instance is { ReadyRun: null, Waiting: Waiting.Queued { Reason: not QueueReason.Warm } })
            .Concat(Instances.Values.Where(static instance => instance.Waiting is Waiting.Backoff)).Select(static instance => instance.Key);

    /// <summary>The state of a hub that knows no app.</summary>
    /// <param name="nextRun">A number that no run in the data directory has or had.</param>
    public static HubState Create(RunId nextRun) =>
        new(ImmutableSortedDictionary.Create<InstanceKey, Instance>(InstanceOrder), nextRun);

    private static readonly Comparer<InstanceKey> InstanceOrder = Comparer<InstanceKey>.Create(static (left, right) =>
        left.App.CompareTo(right.App) is var byApp and not 0
            ? byApp
            : string.CompareOrdinal(left.User?.ToString(), right.User?.ToString()));

    /// <summary>The instance, or null when the hub does not know it.</summary>
    public Instance? Find(InstanceKey key) => Instances.GetValueOrDefault(key);

    /// <summary>Whether a visit would change anything: else it need not be told.</summary>
    public bool AwaitsVisit(InstanceKey key) => IsOpen && (Find(key) is not { } instance || Demand.AwaitsVisit(instance));

    /// <summary>The instance that owns a living run, or null when the run is over.</summary>
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
