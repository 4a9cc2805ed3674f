using System.Collections.Immutable;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Entries;

/// <summary>The only conversion from entries to domain values; reports errors with path and reason.</summary>
/// <param name="strict">Whether members that do not apply to the chosen runtime are errors (files, API) or ignored (forms keep them for a change).</param>
/// <param name="folders">The allowed folders for scripts and programs of apps; null for stored entries: see <see cref="Forbid"/>.</param>
internal sealed class EntryReader(bool strict, AppFolders? folders)
{
    private readonly List<EntryError> errors = [];

    /// <summary>A reader for stored entries.</summary>
    public static EntryReader OfStored() => new(strict: false, folders: null);

    public IReadOnlyList<EntryError> Errors => errors;

    public void Refuse(string path, FormattableString text) => Refuse(new EntryError(path, text));

    public void Refuse(EntryError error) => errors.Add(error);

    /// <summary>
    /// Refuses a valid value that is not allowed in new entries. A stored entry was accepted before and stays active, even if a rule, the machine
    /// or a setting has changed since.
    /// </summary>
    public void Forbid(string path, FormattableString text)
    {
        if (folders is not null)
        {
            Refuse(path, text);
        }
    }

    public static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    /// <returns>Null when a part of the entry was refused.</returns>
    public User? Read(UserEntry entry, string path)
    {
        var before = errors.Count;
        if (!UserName.TryParse(entry.Name, out var name))
        {
            Refuse(Join(path, "name"), $"'{entry.Name}' is not a name: {UserName.Expected}");
        }
        else if (name.ToString().StartsWith(UserName.TokenPrefix, StringComparison.OrdinalIgnoreCase))
        {
            Forbid(Join(path, "name"), $"'{entry.Name}' is not a name: the prefix '{UserName.TokenPrefix}' is reserved for bearer tokens");
        }
        else if (name.IsReserved)
        {
            Forbid(Join(path, "name"), $"'{entry.Name}' is not a name: it is reserved for the hub");
        }

        if (!Spelling.TryParse<Role>(entry.Role, out var role))
        {
            Refuse(Join(path, "role"), $"'{entry.Role}' is not a role: admin or user");
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
            else
            {
                if (range.IsTooWide(role) && !entry.AllowWide)
                {
                    Forbid(at, $"'{text}' is wider than /{range.Widest(role)}: allow wide ranges (allowWide) if intended");
                }

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

        var hours = ReadHours(entry.Hours, Join(path, "hours"));

        // The database stores milliseconds.
        DateTimeOffset? expires = entry.Expires is { } instant ? DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()) : null;
        return errors.Count == before
            ? new User(name, role, ranges.ToImmutable(), apps.ToImmutable(), expires)
            {
                Disabled = entry.Disabled,
                Hours = hours,
                AllowWide = entry.AllowWide,
            }
            : null;
    }

    /// <returns>Null when a part of the entry was refused.</returns>
    public App? Read(AppEntry entry, string path) => new AppReader(this, strict, folders).Read(entry, path);

    /// <summary>Origins of sites, without the refused ones.</summary>
    public ImmutableArray<WebOrigin> ReadOrigins(IList<string>? texts, string path)
    {
        var origins = ImmutableArray.CreateBuilder<WebOrigin>();
        foreach (var (index, text) in (texts ?? []).Index())
        {
            var at = $"{path}[{index}]";
            if (!WebOrigin.TryParse(text?.Trim(), out var origin))
            {
                Refuse(at, $"'{text}' is not {WebOrigin.Expected}");
            }
            else if (origins.Contains(origin))
            {
                Refuse(at, $"'{text}' is given twice");
            }
            else
            {
                origins.Add(origin);
            }
        }

        return origins.ToImmutable();
    }

    /// <summary>One line of plain text; null for none.</summary>
    public string? ReadLine(string? text, string path, int longest)
    {
        var line = text?.Trim() is { Length: > 0 } given ? given : null;
        if (line?.Length > longest || line?.Any(char.IsControl) == true)
        {
            Forbid(path, $"at most {longest} characters in one line, without control characters, are accepted: {line.Length} are given");
        }

        return line;
    }

    /// <summary>An icon; null for none.</summary>
    public string? ReadIcon(string? text, string path)
    {
        var icon = text?.Trim() is { Length: > 0 } given ? given : null;
        if (icon is not null && !AppIcon.IsValid(icon))
        {
            Forbid(path, $"'{icon}' is not an icon: {AppIcon.Expected}");
        }

        return icon;
    }

    /// <summary>Windows of week days and hours, without the refused ones.</summary>
    public WeekHours ReadHours(IList<string>? texts, string path)
    {
        var windows = new List<HoursWindow>();
        foreach (var (index, text) in (texts ?? []).Index())
        {
            var at = $"{path}[{index}]";
            if (!WeekHours.TryParse(text, out var window))
            {
                Refuse(at, $"'{text}' is not {WeekHours.Expected}");
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

        return WeekHours.Of(windows);
    }
}
