using System.Collections.Immutable;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Entries;

/// <summary>The one place where entries become domain values, or errors that say where and why.</summary>
/// <param name="strict">Whether members that mean nothing to the chosen runtime are errors (files) or ignored (forms keep them while the runtime is changed).</param>
/// <param name="folders">Where the scripts and programs of apps may lie; null for stored entries: see <see cref="Forbid"/>.</param>
internal sealed class EntryReader(bool strict, AppFolders? folders)
{
    private readonly List<EntryError> errors = [];

    /// <summary>Reads entries of the database.</summary>
    public static EntryReader OfStored() => new(strict: false, folders: null);

    public IReadOnlyList<EntryError> Errors => errors;

    public void Refuse(string path, FormattableString text) => Refuse(new EntryError(path, text));

    public void Refuse(EntryError error) => errors.Add(error);

    /// <summary>
    /// Refuses what can be understood but may not be entered. A stored entry was accepted once: a stricter rule, another machine or setting
    /// must not take it out of force.
    /// </summary>
    public void Forbid(string path, FormattableString text)
    {
        if (folders is not null)
        {
            Refuse(path, text);
        }
    }

    public static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    /// <returns>The user; null when something in the entry was refused.</returns>
    public User? Read(UserEntry entry, string path)
    {
        var before = errors.Count;
        if (!UserName.TryParse(entry.Name, out var name))
        {
            Refuse(Join(path, "name"), $"'{entry.Name}' is not a name: {UserName.Expected}");
        }
        else if (name.ToString().StartsWith(UserName.TokenPrefix, StringComparison.OrdinalIgnoreCase))
        {
            Forbid(Join(path, "name"), $"'{entry.Name}' is not a name: '{UserName.TokenPrefix}' in front is for bearer tokens");
        }
        else if (name.IsReserved)
        {
            Forbid(Join(path, "name"), $"'{entry.Name}' is not a name: the hub itself goes by it");
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
                    Forbid(at, $"'{text}' is wider than /{range.Widest(role)}: allow wide ranges (allowWide) if it is meant");
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

        // The database keeps milliseconds.
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

    /// <returns>The app; null when something in the entry was refused.</returns>
    public App? Read(AppEntry entry, string path) => new AppReader(this, strict, folders).Read(entry, path);

    /// <summary>Windows of week days and hours; those that were refused are left out.</summary>
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
