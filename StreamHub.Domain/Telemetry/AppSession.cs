using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Telemetry;

/// <summary>One open app WebSocket through the proxy, or a person who asked lately an app without WebSockets.</summary>
/// <param name="Opened">By the steady clock.</param>
/// <param name="LastActive">When the user last acted in it.</param>
public sealed record AppSession(
    InstanceKey Instance, RunId Run, UserName User, ClientAddress Address, DateTimeOffset Opened, DateTimeOffset LastActive);
