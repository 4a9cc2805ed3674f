namespace StreamHub.Server.Settings;

/// <summary>Limits on clients. Each of the two listeners has its own counts, so that a flood on one leaves the other available.</summary>
internal sealed record TrafficLimits
{
    /// <summary>Open connections.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Open connections of one address; known proxies are exempt.</summary>
    public int ConnectionsPerAddress { get; init; } = 2000;

    /// <summary>Open WebSockets; fewer than <see cref="Connections"/>, which include them.</summary>
    public int Sockets { get; init; } = 8000;

    /// <summary>Open WebSockets of one client address.</summary>
    public int SocketsPerAddress { get; init; } = 1000;

    /// <summary>Sustained requests per second of one client address.</summary>
    public int RequestsPerSecond { get; init; } = 1000;

    /// <summary>Burst of requests of one client address: an office behind one address opens many pages of 126 files each.</summary>
    public int RequestBurst { get; init; } = 20_000;

    /// <summary>Sustained requests per second of an unauthenticated client.</summary>
    public int RefusedPerSecond { get; init; } = 100;

    /// <summary>Burst of requests of an unauthenticated client.</summary>
    public int RefusedBurst { get; init; } = 1000;

    /// <summary>Total bytes of a request's headers.</summary>
    public int HeaderSize { get; init; } = 32 * 1024;

    /// <summary>
    /// Bytes per second of a request or response body below which it is aborted after <see cref="SlowestRateGrace"/>; 0 for no limit.
    /// </summary>
    public int SlowestRate { get; init; } = 1024;

    /// <summary>Not configurable.</summary>
    public TimeSpan SlowestRateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time limit for the request headers. Not configurable.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may accept no data before its connection is closed. Linux only: Windows uses its own timeouts.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Connections of all unauthenticated clients together: room is left for authenticated ones, however many addresses a flood uses.
    /// </summary>
    public int UnregisteredConnections => Math.Max(1, Connections / 4);
}
