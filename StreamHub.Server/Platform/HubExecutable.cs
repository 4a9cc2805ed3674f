namespace StreamHub.Server.Platform;

/// <summary>The command line that starts the hub's own program, for its internal commands.</summary>
internal static class HubExecutable
{
    /// <summary>The executable beside the assemblies, whichever process has loaded them.</summary>
    public static IReadOnlyList<string> Command { get; } =
        [Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "StreamHub.Server.exe" : "StreamHub.Server")];
}
