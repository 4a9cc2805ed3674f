using System.ComponentModel;
using System.Text.Json.Serialization;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Entries;

/// <summary>An app as in files, forms, the API and the database, unvalidated.</summary>
public sealed record AppEntry
{
    [Description("The unique name in URLs: 1 to 63 of a-z, 0-9 and -.")]
    public string Slug { get; set; } = "";

    [Description("The display name.")]
    public string Name { get; set; } = "";

    [Description("What the app is for: one line of at most 200 characters.")]
    public string? Description { get; set; }

    [Description("An emoji, or one or two characters.")]
    public string? Icon { get; set; }

    [Description("The name that the app shares with others in lists: at most 64 characters.")]
    public string? Group { get; set; }

    [Description("The kind of app."), Choice(typeof(RuntimeKind))]
    public string Runtime { get; set; } = "streamlit";

    [Description("Streamlit: absolute path of the script.")]
    public string? Script { get; set; }

    [Description("Streamlit: the Python interpreter; omitted: the hub's default.")]
    public string? Python { get; set; }

    [Description("Absolute path of the folder in which the app is started; omitted: the folder of the script, or of the first argument that is an absolute path of an existing file.")]
    public string? WorkingDirectory { get; set; }

    [Description("Command: the program and its arguments; {port} and {basePath} are replaced.")]
    public IList<string>? Command { get; set; }

    [Description("Command: the path that answers 2xx or 3xx when the app is ready; {basePath} is replaced.")]
    public string? Health { get; set; }

    [Description("Command: whether the app sees the paths under /app/{slug}, or serves at /; omitted: keep."), Choice(typeof(PrefixMode))]
    public string? Prefix { get; set; }

    [Description("One shared instance, or one per user."), Choice(typeof(InstanceMode))]
    public string Instances { get; set; } = "shared";

    [Description("Idle time before a stop, such as 30m, or never; omitted: the hub's default.")]
    public string? IdleTimeout { get; set; }

    [Description("Time from launch to ready, such as 180s; omitted: the hub's default.")]
    public string? StartTimeout { get; set; }

    [Description("Runs that are kept running without visitors; at most one for a shared app.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int MinRuns { get; set; }

    [Description("Hours in which minRuns applies, such as Mon-Fri 08:00-18:00, on the hub's wall clock; omitted: any time.")]
    public IList<string>? WarmHours { get; set; }

    [Description("Maximum number of sessions of a run; omitted: no limit.")]
    public int? MaxSessions { get; set; }

    [Description("Idle runs of lower priority are stopped first when capacity is needed; omitted: normal."), Choice(typeof(AppPriority))]
    public string? Priority { get; set; }

    [Description("MiB above which a run is replaced as soon as it has no sessions.")]
    public int? MemorySoft { get; set; }

    [Description("MiB above which a run is killed.")]
    public int? MemoryHard { get; set; }

    [Description("The action for an unresponsive run; omitted: restart."), Choice(typeof(HungPolicy))]
    public string? Hung { get; set; }

    [Description("The hub's own visits of a Streamlit app, which run its script before a process takes over from another; omitted: on."), Choice(typeof(CheckPolicy))]
    public string? Checks { get; set; }

    [Description("Schedule of restarts, as a cron expression of five fields such as 0 3 * * 1-5; omitted: never.")]
    public string? Restart { get; set; }

    [Description("The IANA time zone of restart, such as Asia/Seoul; omitted: the hub's.")]
    public string? RestartZone { get; set; }

    [Description("Environment variables.")]
    public IDictionary<string, string>? Env { get; set; }

    [Description("Arguments after the script's or the program's own.")]
    public IList<string>? Args { get; set; }

    [Description("Sites that may show the app in a frame, such as https://intranet.example; omitted: none.")]
    public IList<string>? EmbedOrigins { get; set; }

    /// <summary>The inverse of <see cref="AppReader"/>.</summary>
    internal static AppEntry Of(App app)
    {
        var streamlit = app.Runtime as AppRuntime.Streamlit;
        var command = app.Runtime as AppRuntime.Command;
        return new AppEntry
        {
            Slug = app.Slug.ToString(),
            Name = app.Name,
            Description = app.Description,
            Icon = app.Icon,
            Group = app.Group,
            Runtime = Spelling.Of(streamlit is not null ? RuntimeKind.Streamlit : command is not null ? RuntimeKind.Command : RuntimeKind.Demo),
            Script = streamlit?.Script,
            Python = streamlit?.Python,
            WorkingDirectory = app.WorkingDirectory,
            Command = command is null ? null : [.. command.Argv],
            Health = command?.Health,
            Prefix = Unless(command?.Prefix ?? PrefixMode.Keep, PrefixMode.Keep),
            Instances = Spelling.Of(app.Instances),
            IdleTimeout = app.IdleTimeout is { } idle ? Duration.Format(idle) : null,
            StartTimeout = app.StartTimeout is { } start ? Duration.Format(start) : null,
            MinRuns = app.MinRuns,
            WarmHours = EntryWriter.Texts(app.WarmHours),
            MaxSessions = app.MaxSessions,
            Priority = Unless(app.Priority, AppPriority.Normal),
            MemorySoft = Mebibytes(app.Memory.Soft),
            MemoryHard = Mebibytes(app.Memory.Hard),
            Hung = Unless(app.Hung, HungPolicy.Restart),
            Checks = Unless(app.Checks, CheckPolicy.On),
            Restart = app.Restart?.Cron,
            RestartZone = app.Restart?.Zone,
            Env = app.Env.Count == 0 ? null : app.Env.ToDictionary(StringComparer.Ordinal),
            Args = app.Args.IsEmpty ? null : [.. app.Args],
            EmbedOrigins = app.EmbedOrigins.IsEmpty ? null : [.. app.EmbedOrigins.Select(origin => origin.ToString())],
        };
    }

    private static string? Unless<T>(T value, T usual)
        where T : struct, Enum => value.Equals(usual) ? null : Spelling.Of(value);

    private static int? Mebibytes(long? bytes) => bytes is { } known ? (int)(known >> 20) : null;
}
