using StreamHub.Domain.Runs;

namespace StreamHub.Server.Processes;

/// <summary>A living process of a run of this data directory.</summary>
internal sealed record MarkedProcess(RunMark Mark, ProcessIdentity Process);
