namespace StreamHub.Server.Access;

/// <summary>A browser that was let in before.</summary>
/// <param name="Address">From where, at the last time.</param>
/// <param name="Seen">When that was, to the hour.</param>
public sealed record KnownDevice(string User, string Address, DateTimeOffset Seen);
