using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Configuration;

/// <summary>The result of an action: done, or nothing changed with the errors as reasons.</summary>
/// <param name="Changes">A line for each change: <c>user kim: addresses 10.0.0.4 -> 10.0.0.5</c>.</param>
/// <param name="Errors">The reasons of a refusal.</param>
public sealed record ChangeResult(IReadOnlyList<string> Changes, IReadOnlyList<EntryError> Errors)
{
    /// <summary>The changes of users and apps as audit entries: for pages, which show them in the visitor's language.</summary>
    public IReadOnlyList<AuditEntry> Entries { get; init; } = [];

    /// <summary>Warnings: ranges that share addresses with ranges of other users.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps { get; init; } = [];

    /// <summary>For a dry run: who would gain or lose access, based on the visits of the last 30 days.</summary>
    public AccessPreview? Preview { get; init; }

    public bool Succeeded => Errors.Count == 0;

    public static ChangeResult Done(params IReadOnlyList<string> changes) => new(changes, []);

    public static ChangeResult Refused(params IReadOnlyList<EntryError> errors) => new([], errors);
}
