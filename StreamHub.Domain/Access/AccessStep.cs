using System.Collections.Immutable;

namespace StreamHub.Domain.Access;

/// <summary>One step of an explanation.</summary>
/// <param name="Code">What was looked at and found; stable, see <see cref="AccessExplanation"/> for all of them.</param>
/// <param name="Values">What the step is about, in the order that stands with its code.</param>
/// <param name="Text">The step in English.</param>
public sealed record AccessStep(string Code, ImmutableArray<string> Values, string Text);
