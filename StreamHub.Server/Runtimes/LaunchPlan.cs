namespace StreamHub.Server.Runtimes;

/// <summary>How a run is started.</summary>
/// <param name="WorkingDirectory">Absolute path.</param>
internal sealed record LaunchPlan(IReadOnlyList<string> Argv, string WorkingDirectory, Dictionary<string, string> Environment);
