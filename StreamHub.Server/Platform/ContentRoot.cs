namespace StreamHub.Server.Platform;

/// <summary>The folder of the hub's files, independent of the current directory: a service starts in a system directory.</summary>
internal static class ContentRoot
{
    /// <summary>The folder of the program; for a build inside the sources, the project's folder, which survives a rebuild.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        var program = AppContext.BaseDirectory;
        var project = System.IO.Path.GetFullPath(System.IO.Path.Combine(program, "..", "..", ".."));
        return File.Exists(System.IO.Path.Combine(project, "StreamHub.Server.csproj")) ? project : program;
    }
}
