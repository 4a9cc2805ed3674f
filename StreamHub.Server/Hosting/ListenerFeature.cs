namespace StreamHub.Server.Hosting;

/// <summary>Set on every connection by the listener that accepted it, and seen by each of its requests.</summary>
/// <param name="Listener">Which one.</param>
public sealed record ListenerFeature(Listener Listener);
