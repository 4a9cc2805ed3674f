namespace StreamHub.Server.Audit;

/// <summary>Who changed what, or who was refused.</summary>
/// <param name="Actor">Who: a user's name, or <c>cli</c>, <c>setup</c>; empty for a stranger.</param>
/// <param name="Address">From where; null from the machine's own console.</param>
/// <param name="Action"><c>user.created</c>, <c>app.stop</c>, <c>refused.origin</c> and the like.</param>
/// <param name="Target">Which user, app or instance.</param>
/// <param name="Before">The entry before, as JSON.</param>
/// <param name="After">The entry after, as JSON; of a refusal, how many there were and what was asked for.</param>
public sealed record AuditEntry(
    long Sequence, DateTimeOffset At, string Actor, string? Address, string Action, string Target, string? Before, string? After);
