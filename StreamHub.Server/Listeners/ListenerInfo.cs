using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>A connection feature: the listener that accepted the connection.</summary>
internal sealed record ListenerInfo(Listener Listener);
