namespace StreamHub.Domain.Instances;

/// <summary>The process of a run and where it listens.</summary>
public sealed record RunProcess(ProcessIdentity Identity, AppEndpoint Endpoint);
