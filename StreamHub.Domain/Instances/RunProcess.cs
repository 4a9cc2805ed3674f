namespace StreamHub.Domain.Instances;

/// <summary>The process of a run and where it listens.</summary>
/// <param name="Identity">The process.</param>
/// <param name="Endpoint">Its listener.</param>
public sealed record RunProcess(ProcessIdentity Identity, AppEndpoint Endpoint);
