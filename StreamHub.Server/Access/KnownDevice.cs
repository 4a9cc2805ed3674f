namespace StreamHub.Server.Access;

/// <summary>A browser that was authenticated before.</summary>
/// <param name="Address">The address of its last visit.</param>
/// <param name="Seen">The time of its last visit, to the hour.</param>
public sealed record KnownDevice(string User, string Address, DateTimeOffset Seen);
