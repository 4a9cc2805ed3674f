using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>On an endpoint: the listeners that serve it.</summary>
internal sealed record ListenerMetadata(IReadOnlyList<Listener> Listeners);
