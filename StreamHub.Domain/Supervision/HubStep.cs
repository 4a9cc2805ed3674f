using System.Collections.Immutable;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>The result of a step.</summary>
/// <param name="Effects">Actions to execute. They are independent and unordered.</param>
public sealed record HubStep(HubState State, ImmutableArray<HubEffect> Effects)
{
    /// <summary>The cause of change for each instance with a cause of its own.</summary>
    internal ImmutableDictionary<InstanceKey, ChangeCause> Causes { get; init; } = ImmutableDictionary<InstanceKey, ChangeCause>.Empty;

    /// <summary>The cause of change of all instances; null when each has its own.</summary>
    internal ChangeCause? CommonCause { get; init; }

    /// <summary>Why maintenance of the whole hub started, changed or ended; null without a reportable change.</summary>
    internal ChangeCause? MaintenanceCause { get; init; }

    /// <summary>The cause of an instance's change; null for no change.</summary>
    internal ChangeCause? CauseOf(InstanceKey instance) => CommonCause ?? Causes.GetValueOrDefault(instance);
}
