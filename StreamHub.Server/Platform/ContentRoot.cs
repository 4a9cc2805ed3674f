namespace StreamHub.Server.Platform;

/// <summary>Where the hub's files are, wherever it is started from: a service starts in the system's directory.</summary>
internal static class ContentRoot
{
    /// <summary>The folder of the program; for a build inside the sources the project's folder, which outlives a rebuild.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        var program = AppContext.BaseDirectory;
        var project = System.IO.Path.GetFullPath(System.IO.Path.Combine(program, "..", "..", ".."));
        return File.Exists(System.IO.Path.Combine(project, "StreamHub.Server.csproj")) ? project : program;
    }
}
