using StreamHub.Domain.Runs;

namespace StreamHub.Server.Runs;

/// <summary>Whether the run of this endpoint is its only listener.</summary>
internal delegate bool ListenerProof(AppEndpoint endpoint);
