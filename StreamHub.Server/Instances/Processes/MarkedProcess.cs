using StreamHub.Domain.Instances;

namespace StreamHub.Server.Instances.Processes;

/// <summary>A living process that carries a mark of this data directory.</summary>
/// <param name="Mark">The mark.</param>
/// <param name="Process">The process.</param>
public sealed record MarkedProcess(RunMark Mark, ProcessIdentity Process);
