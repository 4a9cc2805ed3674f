using StreamHub.Domain.Apps;

namespace StreamHub.Server.Settings;

/// <summary>Finds the paths of an app that conflict with the hub's own folders, which are closed to runs.</summary>
internal static class ClosedPaths
{
    /// <summary>The conflicting paths, each with its place in the entry and the closed folder.</summary>
    public static IEnumerable<(string At, string Path, string Closed)> Of(
        AppFolders folders, AppRuntime? runtime, string? workingDirectory, IReadOnlyDictionary<string, string> env)
    {
        (string At, string? Path, Func<string, string?> ClosedBy)[] named =
        [
            ("script", (runtime as AppRuntime.Streamlit)?.Script is { } script ? Path.GetDirectoryName(script) : null, folders.ClosedBy),
            ("python", (runtime as AppRuntime.Streamlit)?.Python, folders.Hides),
            ("command[0]", (runtime as AppRuntime.Command)?.Argv.FirstOrDefault(), folders.Hides),

            ("workingDirectory", workingDirectory, folders.ClosedBy),

            // Python lists the folder of the script that it runs.
            ("command[1]", runtime is AppRuntime.Command { Argv: [_, var word, ..] } && Path.IsPathFullyQualified(word) && File.Exists(word) ? Path.GetDirectoryName(word) : null, folders.ClosedBy),
            .. RunFolders.Of(env).Select(folder => ("env", (string?)folder, (Func<string, string?>)folders.ClosedBy)),
        ];
        return from name in named
               let closed = name.Path is { } path ? name.ClosedBy(path) : null
               where closed is not null
               select (name.At, name.Path!, closed);
    }

    public static FormattableString Why(string path, string closed) =>
        $"'{path}' cannot be used: it lies in the hub's own folder {closed}, or that in it, and there an app can create nothing. Use a folder beside it, move StreamHub:DataDirectory elsewhere, or switch StreamHub:Apps:Isolation off";
}
