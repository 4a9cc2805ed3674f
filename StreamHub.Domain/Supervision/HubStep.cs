using System.Collections.Immutable;

namespace StreamHub.Domain.Supervision;

/// <summary>What a step came to.</summary>
/// <param name="State">The next state.</param>
/// <param name="Effects">What to do about it, in order.</param>
public sealed record HubStep(HubState State, ImmutableArray<HubEffect> Effects);
