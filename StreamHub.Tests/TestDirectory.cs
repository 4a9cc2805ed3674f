namespace StreamHub.Tests;

/// <summary>New directories for tests, below one that goes with the test process.</summary>
internal static class TestDirectory
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly Lazy<string> Root = new(CreateRoot);
    private static int number;

    public static string Create() => CreateClosed(Path.Combine(Root.Value, $"{Interlocked.Increment(ref number)}"));

    private static string CreateRoot()
    {
        // Beside the temporary directory and not in it: that one is open to every app, and a hub's data to none.
        var place = OperatingSystem.IsWindows() ? Path.GetTempPath() : "/var/tmp";
        var root = CreateClosed(Path.Combine(place, $"streamhub-tests-{Path.GetRandomFileName()}"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(root);
        return root;
    }

    private static string CreateClosed(string path) =>
        (OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnersOnly)).FullName;

    private static void Remove(string root)
    {
        try
        {
            Directory.Delete(root, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Left behind: {root} ({exception.Message})");
        }
    }
}
