using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>Endpoint metadata: the listeners that serve the endpoint.</summary>
internal sealed record ListenerMetadata(IReadOnlyList<Listener> Listeners);
