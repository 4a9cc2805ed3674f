using System.Collections.Immutable;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>What a step came to.</summary>
/// <param name="Effects">What to do about it. Each is done by itself, so that none waits for another: they have no order.</param>
public sealed record HubStep(HubState State, ImmutableArray<HubEffect> Effects)
{
    /// <summary>What moved each instance that something of its own moved.</summary>
    internal ImmutableDictionary<InstanceKey, ChangeCause> Causes { get; init; } = ImmutableDictionary<InstanceKey, ChangeCause>.Empty;

    /// <summary>What moved all instances; null when each has its own cause.</summary>
    internal ChangeCause? CommonCause { get; init; }

    /// <summary>What began, changed or ended the whole hub's maintenance; null when nothing did that is news.</summary>
    internal ChangeCause? MaintenanceCause { get; init; }

    /// <summary>What moved an instance; null when nothing did.</summary>
    internal ChangeCause? CauseOf(InstanceKey instance) => CommonCause ?? Causes.GetValueOrDefault(instance);
}
