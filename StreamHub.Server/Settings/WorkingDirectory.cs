using StreamHub.Domain.Apps;

namespace StreamHub.Server.Settings;

/// <summary>The folder in which an app is started, and in which its relative names are looked up.</summary>
internal static class WorkingDirectory
{
    /// <summary>
    /// The app's own choice; else the folder of its script, or of the first argument of its command that is an absolute path of an
    /// existing file. Null when there is none in which an app may work.
    /// </summary>
    public static string? Of(AppRuntime? runtime, IEnumerable<string> args, string? chosen, AppFolders folders) => (chosen, runtime) switch
    {
        ({ } own, _) => own,
        (_, AppRuntime.Streamlit { Script: var script }) => Path.GetDirectoryName(script) is { Length: > 0 } folder ? folder : null,
        (_, AppRuntime.Command { Argv: [_, .. var words] }) => words.Concat(args)
            .Where(word => Path.IsPathFullyQualified(word) && File.Exists(word)).Select(Path.GetDirectoryName).OfType<string>()
            .FirstOrDefault(folder => folders.AllowsFolder(folder) && folders.ClosedBy(folder) is null),
        _ => null,
    };

    /// <inheritdoc cref="Of(AppRuntime?, IEnumerable{string}, string?, AppFolders)"/>
    public static string? Of(App app, AppFolders folders) => Of(app.Runtime, app.Args, app.WorkingDirectory, folders);

    /// <summary>A program as it is started: a relative path begins in the working directory, a bare name is looked up in PATH.</summary>
    public static string Program(string name, string? folder) =>
        folder is not null && !Path.IsPathRooted(name) && name.AsSpan().IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) >= 0
            ? Path.Combine(folder, name)
            : name;
}
