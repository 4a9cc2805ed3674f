using StreamHub.Domain.Instances;

namespace StreamHub.Server.AppGuards;

/// <summary>Whether the run of this endpoint is its only listener.</summary>
internal delegate bool ListenerProof(AppEndpoint endpoint);
