namespace StreamHub.Server.Runtimes;

/// <summary>How a run is started.</summary>
/// <param name="Argv">Program and arguments.</param>
/// <param name="WorkingDirectory">Absolute path.</param>
/// <param name="Environment">The whole environment.</param>
internal sealed record LaunchPlan(IReadOnlyList<string> Argv, string WorkingDirectory, Dictionary<string, string> Environment);
