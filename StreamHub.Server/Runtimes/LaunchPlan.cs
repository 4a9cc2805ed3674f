namespace StreamHub.Server.Runtimes;

/// <summary>The command line, folder and variables of a run, as its runtime wants them.</summary>
/// <param name="WorkingDirectory">Absolute path.</param>
/// <param name="Variables">The app's own variables.</param>
internal sealed record LaunchPlan(IReadOnlyList<string> Argv, string WorkingDirectory, IEnumerable<KeyValuePair<string, string>> Variables)
{
    /// <summary>Variables that the settings and the app may override.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Suggested { get; init; } = [];

    /// <summary>Variables that win over all others.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Required { get; init; } = [];

    /// <summary>The folder in the data directory that the hub makes for the app, and that outlives its runs; null for none.</summary>
    public string? OwnFolder { get; init; }
}
