namespace StreamHub.Server.Hosting;

/// <summary>On an endpoint: the listeners that serve it.</summary>
/// <param name="Listeners">Which.</param>
public sealed record ListenerMetadata(IReadOnlyList<Listener> Listeners);
