using System.Collections.Immutable;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Admin.Entries;

/// <summary>The one place where entries become domain values, or errors that say where and why.</summary>
/// <param name="strict">Whether members that mean nothing to the chosen runtime are errors (files) or ignored (forms keep them while the runtime is changed).</param>
internal sealed class EntryReader(bool strict)
{
    private readonly List<EntryError> errors = [];

    public IReadOnlyList<EntryError> Errors => errors;

    public void Refuse(string path, FormattableString text) => Refuse(new EntryError(path, text));

    public void Refuse(EntryError error) => errors.Add(error);

    public static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    /// <returns>The user; null when something in the entry was refused.</returns>
    public User? Read(UserEntry entry, string path)
    {
        var before = errors.Count;
        if (!UserName.TryParse(entry.Name, out var name))
        {
            Refuse(Join(path, "name"), $"'{entry.Name}' is not a name: {UserName.Expected}");
        }

        var role = Role.User;
        switch (entry.Role)
        {
            case "admin":
                role = Role.Admin;
                break;
            case "user":
                break;
            default:
                Refuse(Join(path, "role"), $"'{entry.Role}' is not a role: admin or user");
                break;
        }

        var ranges = ImmutableArray.CreateBuilder<AddressRange>();
        foreach (var (index, text) in (entry.Addresses ?? []).Index())
        {
            var at = $"{Join(path, "addresses")}[{index}]";
            if (!AddressRange.TryParse(text?.Trim(), out var range))
            {
                Refuse(at, $"'{text}' is not {AddressRange.Expected}");
            }
            else if (ranges.Contains(range))
            {
                Refuse(at, $"'{text}' is given twice");
            }
            else if (range.IsTooWide(role) && !entry.AllowWide)
            {
                Refuse(at, $"'{text}' is wider than /{range.Widest(role)}: allow wide ranges (allowWide) if it is meant");
            }
            else
            {
                ranges.Add(range);
            }
        }

        var apps = ImmutableHashSet.CreateBuilder<AppSlug>();
        foreach (var (index, text) in (entry.Apps ?? []).Index())
        {
            var at = $"{Join(path, "apps")}[{index}]";
            if (!AppSlug.TryParse(text, out var slug))
            {
                Refuse(at, $"'{text}' is not a slug: {AppSlug.Expected}");
            }
            else if (!apps.Add(slug))
            {
                Refuse(at, $"'{text}' is given twice");
            }
        }

        var windows = new List<HoursWindow>();
        foreach (var (index, text) in (entry.Hours ?? []).Index())
        {
            var at = $"{Join(path, "hours")}[{index}]";
            if (!AccessHours.TryParse(text, out var window))
            {
                Refuse(at, $"'{text}' is not {AccessHours.Expected}");
            }
            else if (windows.Contains(window))
            {
                Refuse(at, $"'{text}' is given twice");
            }
            else
            {
                windows.Add(window);
            }
        }

        // The database keeps milliseconds.
        DateTimeOffset? expires = entry.Expires is { } instant ? DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()) : null;
        return errors.Count == before
            ? new User(name, role, ranges.ToImmutable(), apps.ToImmutable(), expires)
            {
                Disabled = entry.Disabled,
                Hours = AccessHours.Of(windows),
                AllowWide = entry.AllowWide,
            }
            : null;
    }

    /// <returns>The app; null when something in the entry was refused.</returns>
    public App? Read(AppEntry entry, string path)
    {
        var before = errors.Count;
        if (!AppSlug.TryParse(entry.Slug, out var slug))
        {
            Refuse(Join(path, "slug"), $"'{entry.Slug}' is not a slug: {AppSlug.Expected}");
        }

        var name = entry.Name?.Trim() ?? "";
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            Refuse(Join(path, "name"), $"'{name}' is not a name: 1 to 100 characters without control characters");
        }

        var mode = InstanceMode.Shared;
        switch (entry.Instances)
        {
            case "shared":
                break;
            case "perUser":
                mode = InstanceMode.PerUser;
                break;
            default:
                Refuse(Join(path, "instances"), $"'{entry.Instances}' is not accepted: shared or perUser");
                break;
        }

        TimeSpan? idle = null;
        if (!string.IsNullOrWhiteSpace(entry.IdleTimeout))
        {
            if (Duration.TryParse(entry.IdleTimeout.Trim(), out var duration))
            {
                idle = duration;
            }
            else
            {
                Refuse(Join(path, "idleTimeout"), $"'{entry.IdleTimeout}' is not a duration: {Duration.Expected}");
            }
        }

        var runtime = ReadRuntime(entry, path);
        var env = ReadEnv(entry, path);
        foreach (var (index, argument) in (entry.Args ?? []).Index().Where(argument => argument.Item?.Contains('\0', StringComparison.Ordinal) ?? true))
        {
            Refuse($"{Join(path, "args")}[{index}]", $"'{argument}' is not an argument: a NUL character cannot be passed");
        }

        return errors.Count == before
            ? new App(slug, name, runtime!) { Instances = mode, IdleTimeout = idle, Env = env, Args = [.. entry.Args ?? []] }
            : null;
    }

    private AppRuntime? ReadRuntime(AppEntry entry, string path)
    {
        switch (entry.Runtime)
        {
            case "streamlit":
                Unused(path, "streamlit", ("command", entry.Command is { Count: > 0 }), ("health", Given(entry.Health)));
                var script = entry.Script?.Trim() ?? "";
                var python = Given(entry.Python) ? entry.Python!.Trim() : null;
                if (!Path.IsPathFullyQualified(script))
                {
                    Refuse(Join(path, "script"), $"'{script}' is not an absolute path of a Python script");
                    return null;
                }

                return IsOfThisMachine(script, Join(path, "script")) & IsOfThisMachine(python ?? "", Join(path, "python")) ? new AppRuntime.Streamlit(script, python) : null;
            case "command":
                Unused(path, "command", ("script", Given(entry.Script)), ("python", Given(entry.Python)));
                if (entry.Command is not { Count: > 0 } words || !Given(words[0]))
                {
                    Refuse(Join(path, "command"), $"at least one word is needed: the program, then its arguments");
                    return null;
                }

                if (!IsOfThisMachine(words[0], $"{Join(path, "command")}[0]"))
                {
                    return null;
                }

                return new AppRuntime.Command([.. words], Given(entry.Health) ? entry.Health!.Trim() : null);
            case "demo":
                Unused(path, "demo", ("script", Given(entry.Script)), ("python", Given(entry.Python)), ("command", entry.Command is { Count: > 0 }), ("health", Given(entry.Health)));
                return new AppRuntime.Demo();
            default:
                Refuse(Join(path, "runtime"), $"'{entry.Runtime}' is not a runtime: streamlit, command or demo");
                return null;
        }
    }

    private ImmutableSortedDictionary<string, string> ReadEnv(AppEntry entry, string path)
    {
        var env = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in entry.Env ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!IsEnvName(name))
            {
                Refuse(Join(path, "env"), $"'{name}' is not a variable's name: letters, digits and _, not a digit first");
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

    // A share's server learns the service's credentials; dots and control characters make one path look like another.
    private bool IsOfThisMachine(string file, string at)
    {
        var segments = file.Split('/', '\\');
        if (segments is ["", "", _, ..])
        {
            Refuse(at, $"'{file}' is a network or device path: a file of this machine is expected");
            return false;
        }

        if (file.Any(char.IsControl) || segments.Any(segment => segment is "." or ".."))
        {
            Refuse(at, $"'{file}' holds a '.' or '..' segment or a control character: give the path itself");
            return false;
        }

        return true;
    }

    private static bool Given(string? text) => !string.IsNullOrWhiteSpace(text);

    private static bool IsEnvName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
