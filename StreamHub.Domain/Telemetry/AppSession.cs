using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Telemetry;

/// <summary>One open app WebSocket through the proxy.</summary>
/// <param name="Id">Counts up in a hub's life.</param>
/// <param name="Opened">Since when, by the steady clock.</param>
/// <param name="LastActive">When the person last did something in it.</param>
public sealed record AppSession(
    long Id, InstanceKey Instance, RunId Run, UserName User, ClientAddress Address, DateTimeOffset Opened, DateTimeOffset LastActive);
