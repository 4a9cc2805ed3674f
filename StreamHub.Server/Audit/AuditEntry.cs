namespace StreamHub.Server.Audit;

/// <summary>An audited change or refusal.</summary>
/// <param name="Actor">A user's name, or <c>cli</c>, <c>setup</c>; empty for an unauthenticated client.</param>
/// <param name="Address">The actor's address; null for the command line.</param>
/// <param name="Action"><c>user.created</c>, <c>app.stop</c>, <c>refused.origin</c> and the like.</param>
/// <param name="Target">The user, app or instance.</param>
/// <param name="Before">The entry before the change, as JSON.</param>
/// <param name="After">The entry after the change, as JSON; for a refusal its count and the requested target.</param>
public sealed record AuditEntry(
    long Sequence, DateTimeOffset At, string Actor, string? Address, string Action, string Target, string? Before, string? After);
