using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Configuration;

/// <summary>What came of an action: either it is done, or nothing was changed and the errors say why.</summary>
/// <param name="Changes">What was changed, a line each: <c>user kim: addresses 10.0.0.4 -> 10.0.0.5</c>.</param>
/// <param name="Errors">Why nothing was changed.</param>
public sealed record ChangeResult(IReadOnlyList<string> Changes, IReadOnlyList<EntryError> Errors)
{
    /// <summary>What was changed of users and apps, as the audit tells it: for pages, which say it in their own language.</summary>
    public IReadOnlyList<AuditEntry> Entries { get; init; } = [];

    /// <summary>What is done (or would be) but may surprise: ranges that share addresses with other users' ones.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps { get; init; } = [];

    /// <summary>Of a plan: who would gain and who would lose access, going by the visits of the last 30 days.</summary>
    public AccessPreview? Rehearsal { get; init; }

    /// <summary>Whether the action is done.</summary>
    public bool Succeeded => Errors.Count == 0;

    /// <summary>A done action.</summary>
    public static ChangeResult Done(params IReadOnlyList<string> changes) => new(changes, []);

    /// <summary>A refused action.</summary>
    public static ChangeResult Refused(params IReadOnlyList<EntryError> errors) => new([], errors);
}
