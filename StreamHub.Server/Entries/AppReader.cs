using System.Collections.Immutable;
using Cronos;
using StreamHub.Domain.Apps;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Entries;

/// <summary>Converts an entry to an app, or reports errors with path and reason.</summary>
/// <param name="reader">Receives the errors.</param>
/// <param name="strict">See <see cref="EntryReader"/>.</param>
/// <param name="folders">The allowed folders for scripts and programs; null for a stored entry.</param>
internal sealed class AppReader(EntryReader reader, bool strict, AppFolders? folders)
{
    private readonly PathRules paths = new(reader, folders);

    /// <returns>Null when a part of the entry was refused.</returns>
    public App? Read(AppEntry entry, string path)
    {
        var before = reader.Errors.Count;
        if (!AppSlug.TryParse(entry.Slug, out var slug))
        {
            Refuse(Join(path, "slug"), $"'{entry.Slug}' is not a slug: {AppSlug.Expected}");
        }

        var name = entry.Name?.Trim() ?? "";
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            Refuse(Join(path, "name"), $"'{name}' is not a name: 1 to 100 characters without control characters");
        }

        var description = reader.ReadLine(entry.Description, Join(path, "description"), 200);
        var icon = reader.ReadIcon(entry.Icon, Join(path, "icon"));
        var group = reader.ReadLine(entry.Group, Join(path, "group"), 64);
        var mode = Choose(entry.Instances, Join(path, "instances"), InstanceMode.Shared);

        var idle = ReadDuration(entry.IdleTimeout, Join(path, "idleTimeout"), TimeSpan.Zero, Duration.Expected);
        var start = ReadDuration(entry.StartTimeout, Join(path, "startTimeout"), TimeSpan.FromSeconds(1), Duration.ExpectedPositive);
        var (minRuns, maxSessions) = ReadNumbers(entry, path, mode);
        var memory = ReadMemory(entry, path);
        var warm = reader.ReadHours(entry.WarmHours, Join(path, "warmHours"));
        var priority = Choose(entry.Priority, Join(path, "priority"), AppPriority.Normal);
        var hung = Choose(entry.Hung, Join(path, "hung"), HungPolicy.Restart);
        var checks = Choose(entry.Checks, Join(path, "checks"), CheckPolicy.On);
        var restart = ReadSchedule(entry, path);
        var runtime = ReadRuntime(entry, path);
        var env = ReadEnv(entry, path);
        var embedders = reader.ReadOrigins(entry.EmbedOrigins, Join(path, "embedOrigins"));
        foreach (var (member, named, closed) in folders is null ? [] : ClosedPaths.Of(folders, runtime, ChosenFolder(entry), env))
        {
            Refuse(Join(path, member), ClosedPaths.Why(named, closed));
        }

        foreach (var (index, argument) in (entry.Args ?? []).Index().Where(argument => argument.Item?.Contains('\0', StringComparison.Ordinal) ?? true))
        {
            Refuse($"{Join(path, "args")}[{index}]", $"'{argument}' is not an argument: a NUL character cannot be passed");
        }

        return reader.Errors.Count == before
            ? new App(slug, name, runtime!)
            {
                Description = description,
                Icon = icon,
                Group = group,
                Instances = mode,
                IdleTimeout = idle,
                StartTimeout = start,
                WorkingDirectory = runtime is AppRuntime.Demo ? null : ChosenFolder(entry),
                MinRuns = minRuns,
                WarmHours = warm,
                MaxSessions = maxSessions,
                Priority = priority,
                Memory = memory,
                Hung = hung,
                Checks = checks,
                Restart = restart,
                Env = env,
                Args = [.. entry.Args ?? []],
                EmbedOrigins = embedders,
            }
            : null;
    }

    private TimeSpan? ReadDuration(string? text, string at, TimeSpan shortest, string expected)
    {
        if (!Given(text))
        {
            return null;
        }

        if (!Duration.TryParse(text!.Trim(), out var duration) || duration < shortest)
        {
            Refuse(at, $"'{text}' is not a duration: {expected}");
        }

        return duration;
    }

    private (int MinRuns, int? MaxSessions) ReadNumbers(AppEntry entry, string path, InstanceMode mode)
    {
        if (entry.MinRuns < 0 || (mode == InstanceMode.Shared && entry.MinRuns > 1))
        {
            Refuse(Join(path, "minRuns"), $"'{entry.MinRuns}' is not accepted: 0 or 1 for a shared app, 0 or more for one with an instance for each user");
        }

        if (entry.MaxSessions < 1)
        {
            Refuse(Join(path, "maxSessions"), $"'{entry.MaxSessions}' is not a number of sessions: 1 or more, or nothing for any number");
        }

        if (entry is { MinRuns: 0, WarmHours.Count: > 0 })
        {
            reader.Forbid(Join(path, "warmHours"), $"mean nothing without minRuns: nothing is kept warm");
        }

        return (entry.MinRuns, entry.MaxSessions);
    }

    private MemoryLimits ReadMemory(AppEntry entry, string path)
    {
        var limits = new MemoryLimits(Bytes(entry.MemorySoft, "memorySoft"), Bytes(entry.MemoryHard, "memoryHard"));
        if (limits.Soft >= limits.Hard)
        {
            reader.Forbid(Join(path, "memorySoft"), $"{entry.MemorySoft} MiB is not below memoryHard, {entry.MemoryHard} MiB");
        }

        return limits;

        long? Bytes(int? mebibytes, string member)
        {
            if ((long?)mebibytes << 20 < MemoryLimits.Smallest)
            {
                reader.Forbid(Join(path, member), $"'{mebibytes}' is not accepted: {MemoryLimits.Smallest >> 20} MiB or more, or nothing for no limit");
            }

            return (long?)mebibytes << 20;
        }
    }

    private RestartSchedule? ReadSchedule(AppEntry entry, string path)
    {
        var zone = Given(entry.RestartZone) ? entry.RestartZone!.Trim() : null;
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            reader.Forbid(Join(path, "restartZone"), $"'{zone}' is not a time zone that this machine knows, such as Europe/Berlin or Asia/Seoul");
        }

        if (!Given(entry.Restart))
        {
            return null;
        }

        if (!CronExpression.TryParse(entry.Restart!.Trim(), out _))
        {
            reader.Forbid(Join(path, "restart"), $"'{entry.Restart}' is not a cron expression of five fields: minute, hour, day of the month, month, day of the week, such as 0 3 * * 1-5");
        }

        return new RestartSchedule(entry.Restart.Trim(), zone);
    }

    private T Choose<T>(string? text, string at, T usual)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return usual;
        }

        if (!Spelling.TryParse(text, out T value))
        {
            Refuse(at, $"'{text}' is not accepted: {string.Join(" or ", Spelling.All<T>())}");
        }

        return value;
    }

    private AppRuntime? ReadRuntime(AppEntry entry, string path)
    {
        if (!Spelling.TryParse<RuntimeKind>(entry.Runtime, out var kind))
        {
            Refuse(Join(path, "runtime"), $"'{entry.Runtime}' is not a runtime: streamlit, command or demo");
            return null;
        }

        if (kind != RuntimeKind.Demo && ChosenFolder(entry) is { } chosen)
        {
            paths.CheckWorkingDirectory(chosen, Join(path, "workingDirectory"));
        }

        switch (kind)
        {
            case RuntimeKind.Streamlit:
                Unused(path, "streamlit", ("command", entry.Command is { Count: > 0 }), ("health", Given(entry.Health)), ("prefix", Given(entry.Prefix)));
                var script = entry.Script?.Trim() ?? "";
                var python = Given(entry.Python) ? entry.Python!.Trim() : null;
                if (folders is null ? script.Length == 0 : !Path.IsPathFullyQualified(script))
                {
                    Refuse(Join(path, "script"), $"'{script}' is not an absolute path of a Python script");
                }
                else
                {
                    paths.CheckScript(script, Join(path, "script"));
                }

                var streamlit = new AppRuntime.Streamlit(script, python);
                if (python is not null)
                {
                    paths.CheckProgram(python, Join(path, "python"), StartFolder(entry, streamlit), static (allowed, file) => allowed.AllowsInterpreter(file));
                }

                return streamlit;
            case RuntimeKind.Command:
                Unused(path, "command", ("script", Given(entry.Script)), ("python", Given(entry.Python)));
                if (entry.Command is not { Count: > 0 } words || !Given(words[0]))
                {
                    Refuse(Join(path, "command"), $"at least one word is needed: the program, then its arguments");
                    return null;
                }

                var command = new AppRuntime.Command([.. words], Given(entry.Health) ? entry.Health!.Trim() : null) { Prefix = Choose(entry.Prefix, Join(path, "prefix"), PrefixMode.Keep) };
                paths.CheckProgram(words[0], $"{Join(path, "command")}[0]", StartFolder(entry, command), static (allowed, file) => allowed.AllowsProgram(file));
                return command;
            default:
                Unused(path, "demo", ("script", Given(entry.Script)), ("python", Given(entry.Python)), ("command", entry.Command is { Count: > 0 }), ("health", Given(entry.Health)), ("prefix", Given(entry.Prefix)),
                    ("workingDirectory", Given(entry.WorkingDirectory)));
                return new AppRuntime.Demo();
        }
    }

    private ImmutableSortedDictionary<string, string> ReadEnv(AppEntry entry, string path)
    {
        var env = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in entry.Env ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!AppVariables.IsName(name))
            {
                Refuse(Join(path, "env"), $"'{name}' is not a variable's name: letters, digits and _, not a digit first");
            }
            else if (folders?.AllowsVariable(name) == false)
            {
                Refuse(Join(path, "env"), $"'{name}' would choose which program is run, and that has to lie in one of the folders for apps (StreamHub:Apps:Folders): {folders.ToString()}");
            }
            else if (value is null || value.Contains('\0', StringComparison.Ordinal))
            {
                Refuse($"{Join(path, "env")}.{name}", $"a text without NUL characters is expected");
            }
            else
            {
                env[name] = value;
            }
        }

        return env.ToImmutable();
    }

    private void Unused(string path, string runtime, params ReadOnlySpan<(string Member, bool IsGiven)> members)
    {
        foreach (var (member, isGiven) in members)
        {
            if (strict && isGiven)
            {
                Refuse(Join(path, member), $"means nothing to the runtime {runtime}");
            }
        }
    }

    private string? StartFolder(AppEntry entry, AppRuntime runtime) => folders is null ? null : WorkingDirectory.Of(runtime, entry.Args ?? [], ChosenFolder(entry), folders);

    private static string? ChosenFolder(AppEntry entry) => Given(entry.WorkingDirectory) ? entry.WorkingDirectory!.Trim() : null;

    private static bool Given(string? text) => !string.IsNullOrWhiteSpace(text);

    private void Refuse(string path, FormattableString text) => reader.Refuse(path, text);

    private static string Join(string path, string member) => EntryReader.Join(path, member);
}
