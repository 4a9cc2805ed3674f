namespace StreamHub.Server.Platform;

/// <summary>Resolves paths like the operating system.</summary>
internal static class RealPath
{
    /// <summary>The limit of Linux: path_resolution(7).</summary>
    private const int MaxLinks = 40;

    private static readonly StringComparison Comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <returns>The path without links and junctions; null when it cannot be resolved.</returns>
    public static string? Of(string path)
    {
        try
        {
            var (real, rest, links) = (Path.GetPathRoot(path)!, new Stack<string>(Names(path).Reverse()), 0);
            while (rest.TryPop(out var name))
            {
                var next = Path.Combine(real, name);
                if (name == "..")
                {
                    real = Path.GetDirectoryName(real) ?? real;
                }
                else if (new FileInfo(next).LinkTarget is { } target)
                {
                    if (++links > MaxLinks)
                    {
                        return null;
                    }

                    real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
                    foreach (var part in Names(target).Reverse())
                    {
                        rest.Push(part);
                    }
                }
                else
                {
                    real = next;
                }
            }

            return real;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether a real path is the folder itself or inside of it.</summary>
    public static bool IsInside(string path, string folder) =>
        path.Equals(folder, Comparison) || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, Comparison);

    private static IEnumerable<string> Names(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".");
}
