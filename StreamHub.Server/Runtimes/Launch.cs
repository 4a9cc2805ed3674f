namespace StreamHub.Server.Runtimes;

/// <summary>How a run is started.</summary>
internal sealed record Launch(LaunchPlan Plan, AppEnvironment Environment);
