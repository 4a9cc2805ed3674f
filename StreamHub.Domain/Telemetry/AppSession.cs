using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Telemetry;

/// <summary>One open app WebSocket through the proxy.</summary>
/// <param name="Id">Unique during a hub's life, ascending.</param>
/// <param name="Opened">By the steady clock.</param>
/// <param name="LastActive">When the user last acted in it.</param>
public sealed record AppSession(
    long Id, InstanceKey Instance, RunId Run, UserName User, ClientAddress Address, DateTimeOffset Opened, DateTimeOffset LastActive);
