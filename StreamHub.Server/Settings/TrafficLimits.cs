namespace StreamHub.Server.Settings;

/// <summary>What clients may take of the hub. Each of the two listeners counts for itself, so that a flood at the one leaves the other open.</summary>
internal sealed record TrafficLimits
{
    /// <summary>Open connections.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Open connections of one address; known proxies may have more.</summary>
    public int ConnectionsPerAddress { get; init; } = 2000;

    /// <summary>Open WebSockets; fewer than <see cref="Connections"/>, which they are among.</summary>
    public int Sockets { get; init; } = 8000;

    /// <summary>Open WebSockets of one client address.</summary>
    public int SocketsPerAddress { get; init; } = 1000;

    /// <summary>Requests that one client address may make in a second for long.</summary>
    public int RequestsPerSecond { get; init; } = 1000;

    /// <summary>Requests that it may make at once: an office behind one address opens many pages of 126 files each.</summary>
    public int RequestBurst { get; init; } = 20_000;

    /// <summary>Requests in a second for long, of an address that is not let in.</summary>
    public int RefusedPerSecond { get; init; } = 100;

    /// <summary>Requests at once, of an address that is not let in.</summary>
    public int RefusedBurst { get; init; } = 1000;

    /// <summary>Bytes of a request's headers together.</summary>
    public int HeaderSize { get; init; } = 32 * 1024;

    /// <summary>Bytes per second, of a whole body or answer, below which it is given up after <see cref="SlowestRateGrace"/>; 0 for none.</summary>
    public int SlowestRate { get; init; } = 1024;

    /// <summary>Not configurable.</summary>
    public TimeSpan SlowestRateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the head of a request may take. Not configurable.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the other end of a connection may take nothing of what is sent to it. Linux only: Windows has its own times.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Connections that addresses may have together which are not let in: however many they are, room is left for the others.</summary>
    public int ConnectionsOfStrangers => Math.Max(1, Connections / 4);
}
