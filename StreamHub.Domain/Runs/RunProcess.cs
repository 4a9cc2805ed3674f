
namespace StreamHub.Domain.Runs;

/// <summary>The process of a run and its endpoint.</summary>
public sealed record RunProcess(ProcessIdentity Identity, AppEndpoint Endpoint);
