namespace StreamHub.Server.Platform;

/// <summary>How the hub's own program is started again, for its internal verbs.</summary>
internal static class HubExecutable
{
    /// <summary>The executable beside the assemblies, whatever process has loaded them.</summary>
    public static IReadOnlyList<string> Command { get; } =
        [Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "StreamHub.Server.exe" : "StreamHub.Server")];
}
