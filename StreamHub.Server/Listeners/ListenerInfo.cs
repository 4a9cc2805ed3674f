using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>Set on every connection by the listener that accepted it, and seen by each of its requests.</summary>
internal sealed record ListenerInfo(Listener Listener);
