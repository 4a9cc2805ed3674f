using System.Collections.Immutable;

namespace StreamHub.Domain.Access;

/// <summary>One step of an explanation.</summary>
/// <param name="Code">The check and its result; stable. <see cref="AccessExplanation"/> lists all codes.</param>
/// <param name="Values">The values, in the order documented with the code.</param>
public sealed record AccessStep(string Code, ImmutableArray<string> Values, string Text);
