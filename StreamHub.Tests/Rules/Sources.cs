namespace StreamHub.Tests.Rules;

/// <summary>The repository's own source files.</summary>
internal static class Sources
{
    private static readonly string[] Generated = ["bin", "obj", "TestResults", "Migrations", "artifacts", "node_modules"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The files under a folder of the repository whose names end so; build output and migrations left out. Fails when there is none.</summary>
    public static IReadOnlyList<string> Files(string folder, params string[] endings)
    {
        var root = Path.Combine(Root, folder);
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(Generated.Contains))
            .Order(StringComparer.Ordinal)
            .ToArray();
        files.Should().NotBeEmpty("a rule that looks at nothing holds nothing");
        return files;
    }

    /// <summary>A file's path as messages show it.</summary>
    public static string Name(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StreamHub.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No StreamHub.sln above {AppContext.BaseDirectory}.");
    }
}
