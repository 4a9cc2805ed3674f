namespace StreamHub.Server.Listeners;

/// <summary>On an endpoint: the listeners that serve it.</summary>
/// <param name="Listeners">Which.</param>
internal sealed record ListenerMetadata(IReadOnlyList<Listener> Listeners);
