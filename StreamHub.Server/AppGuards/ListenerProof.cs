using StreamHub.Domain.Instances;

namespace StreamHub.Server.AppGuards;

/// <summary>Whether the run that owns this endpoint is the only one that listens there.</summary>
internal delegate bool ListenerProof(AppEndpoint endpoint);
