namespace StreamHub.Server.Runtimes;

/// <summary>The command line, directory and environment of a run.</summary>
/// <param name="WorkingDirectory">Absolute path.</param>
internal sealed record LaunchPlan(IReadOnlyList<string> Argv, string WorkingDirectory, Dictionary<string, string> Environment);
