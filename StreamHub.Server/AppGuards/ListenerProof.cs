using StreamHub.Domain.Instances;

namespace StreamHub.Server.AppGuards;

/// <summary>Whether only processes of the run whose endpoint this is listen there.</summary>
internal delegate bool ListenerProof(AppEndpoint endpoint);
