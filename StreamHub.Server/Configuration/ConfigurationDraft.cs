using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Audit;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Configuration;

/// <summary>Pending changes of the configuration and their errors.</summary>
/// <param name="current">The stored configuration.</param>
/// <param name="reader">Converts entries to values.</param>
/// <param name="proxies">Known proxies, whose addresses cannot be assigned to users.</param>
/// <param name="isConfirmed">Whether <see cref="EntryError.IsConfirmable"/> errors are overridden.</param>
internal sealed class ConfigurationDraft(HubConfiguration current, EntryReader reader, IReadOnlyList<ClientAddress> proxies, bool isConfirmed = false)
{
    private readonly Dictionary<UserName, (User User, string Path)> users = current.Users.ToDictionary(user => user.Name, user => (user, ""));
    private readonly Dictionary<AppSlug, (App App, string Path)> apps = current.Apps.ToDictionary(app => app.Slug, app => (app, ""));

    /// <summary>The apps in entries, valid or not.</summary>
    private readonly List<(string Path, string Slug)> named = [];

    public HubConfiguration Current { get; } = current;

    public IReadOnlyList<EntryError> Errors => reader.Errors;

    public List<(User? Before, User? After)> Users { get; } = [];

    public List<(App? Before, App? After)> Apps { get; } = [];

    /// <summary>An unreadable app to remove.</summary>
    public AppSlug? UnreadableToRemove { get; private set; }

    /// <summary>Users that lose an app because it is removed.</summary>
    public List<(User Before, User After)> UsersLosingApps { get; } = [];

    public User? FindUser(string name) => UserName.TryParse(name, out var key) && users.TryGetValue(key, out var found) ? found.User : null;

    public App? FindApp(string slug) => AppSlug.TryParse(slug, out var key) && apps.TryGetValue(key, out var found) ? found.App : null;

    public void Refuse(string path, FormattableString text) => reader.Refuse(path, text);

    /// <summary>The resulting configuration.</summary>
    public HubConfiguration Next() =>
        HubConfiguration.Create(users.Values.Select(entry => entry.User), apps.Values.Select(entry => entry.App), Current.Policy.Zone);

    /// <summary>Warnings: overlaps of the changed users with others.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps()
    {
        var changed = Users.Select(change => change.After?.Name).OfType<UserName>().ToHashSet();
        return changed.Count == 0 ? [] :
        [
            .. AccessOverlap.Find(users.Values.Select(entry => entry.User))
                .Where(overlap => changed.Contains(overlap.Winner) || changed.Contains(overlap.Loser)),
        ];
    }

    /// <summary>The new names by the old names.</summary>
    public Dictionary<UserName, UserName> Renamed() => Users.Where(change => change is { Before: not null, After: not null })
        .ToDictionary(change => change.Before!.Name, change => change.After!.Name);

    /// <summary>Creates or changes a user; <paramref name="before"/> identifies it when the name changes.</summary>
    public void Put(UserEntry entry, string path, User? before = null)
    {
        named.AddRange(entry.Apps.Select((slug, index) => ($"{EntryReader.Join(path, "apps")}[{index}]", slug)));
        if (reader.Read(entry, path) is not { } user)
        {
            return;
        }

        before ??= FindUser(entry.Name);
        if (users.TryGetValue(user.Name, out var other))
        {
            if (other.Path.Length > 0)
            {
                Refuse(EntryReader.Join(path, "name"), $"'{user.Name}' is also the name of {other.Path}");
                return;
            }

            if (other.User.Name != before?.Name)
            {
                Refuse(EntryReader.Join(path, "name"), $"the user '{user.Name}' exists already");
                return;
            }
        }

        Put(before, user, path);
    }

    public void Put(User? before, User user, string path)
    {
        if (before is not null)
        {
            users.Remove(before.Name);
        }

        users[user.Name] = (user, path);
        Users.Add((before, user));
    }

    public void Put(AppEntry entry, string path)
    {
        if (reader.Read(entry, path) is not { } app)
        {
            return;
        }

        var known = apps.TryGetValue(app.Slug, out var other);
        if (known && other.Path.Length > 0)
        {
            Refuse(EntryReader.Join(path, "slug"), $"'{app.Slug}' is also the slug of {other.Path}");
            return;
        }

        // Checked for new paths only. What disappears later is reported when the app starts; here it would block every other change.
        if (app.Runtime is AppRuntime.Streamlit { Script: var script } && !File.Exists(script)
            && (other.App?.Runtime as AppRuntime.Streamlit)?.Script != script)
        {
            Refuse(EntryReader.Join(path, "script"), $"there is no file '{script}'");
        }

        if (app.WorkingDirectory is { } folder && !Directory.Exists(folder) && other.App?.WorkingDirectory != folder)
        {
            Refuse(EntryReader.Join(path, "workingDirectory"), $"there is no folder '{folder}'");
        }

        apps[app.Slug] = (app, path);
        Apps.Add((known ? other.App : null, app));
    }

    public void Remove(User user)
    {
        users.Remove(user.Name);
        Users.Add((user, null));
    }

    public void Remove(App app)
    {
        apps.Remove(app.Slug);
        Apps.Add((app, null));
        TakeFromUsers(app.Slug);
    }

    /// <summary>Removes an app by its slug, readable or not.</summary>
    public void RemoveApp(string slug)
    {
        if (FindApp(slug) is { } app)
        {
            Remove(app);
        }
        else if (AppSlug.TryParse(slug, out var key) && IsUnreadable(key))
        {
            UnreadableToRemove = key;
            TakeFromUsers(key);
        }
        else
        {
            Refuse("slug", $"there is no app '{slug}'");
        }
    }

    /// <summary>Checks that need all changes together.</summary>
    public void Check(Actor actor, DateTimeOffset now)
    {
        var changed = Users.Select(change => change.After?.Name).OfType<UserName>().ToHashSet();
        var owners = users.Values.SelectMany(entry => entry.User.Addresses.Select(range => (Range: range, entry.User.Name))).ToLookup(owner => owner.Range, owner => owner.Name);
        foreach (var (user, path) in users.Values.Where(entry => entry.Path.Length > 0 || changed.Contains(entry.User.Name)))
        {
            foreach (var (index, range) in user.Addresses.Index())
            {
                foreach (var owner in owners[range].Where(name => name != user.Name).Take(1))
                {
                    Refuse($"{EntryReader.Join(path, "addresses")}[{index}]", $"'{range}' already belongs to the user {owner}; it cannot belong to {user.Name} too");
                }

                if (range.IsSingle && proxies.Contains(range.Network))
                {
                    Refuse($"{EntryReader.Join(path, "addresses")}[{index}]", $"'{range}' is a known proxy's: everybody behind it would be {user.Name}");
                }
            }
        }

        foreach (var (path, slug) in named)
        {
            if (AppSlug.TryParse(slug, out var key) && !apps.ContainsKey(key) && !IsUnreadable(key))
            {
                Refuse(path, $"there is no app '{slug}'");
            }
        }

        if (Users.Count == 0 || Errors.Count > 0)
        {
            return;
        }

        ClientAddress? own = !isConfirmed && ClientAddress.TryParse(actor.Address, out var address) ? address : null;
        switch (Lockout.Of(Current.Policy, Next().Policy, own, now))
        {
            case Lockout.NoAdmin:
                Refuse(Place(), $"at least one admin with an address must remain: otherwise nobody could open the admin pages");
                break;
            case Lockout.NoLastingAdmin:
                Refuse(Place(), $"at least one admin must have no end date and no hours: otherwise nobody could open the admin pages at other times");
                break;
            case Lockout.Own:
                ConfirmOrRefuse($"this would lock you out: you are using {own}; confirm with force if intended");
                break;
            case Lockout.OwnAtTimes { Open: var hours }:
                ConfirmOrRefuse($"this would lock you out at times: you are using {own}, open at {hours.ToString()}; confirm with force if intended");
                break;
            case Lockout.OwnAt { End: var end }:
                ConfirmOrRefuse($"this would lock you out at {EntryWriter.Instant(end)}: you are using {own}; confirm with force if intended");
                break;
        }

        void ConfirmOrRefuse(FormattableString text) => reader.Refuse(new EntryError(Place(), text) { IsConfirmable = true });
        string Place() => users.Values.Any(entry => entry.Path.Length > 0) ? "users" : "";
    }

    /// <summary>Ends the assignment of a removed app; otherwise a later app with the same slug would be open to its users.</summary>
    private void TakeFromUsers(AppSlug slug)
    {
        foreach (var (user, _) in users.Values.Where(entry => entry.User.Apps.Contains(slug)).ToList())
        {
            users[user.Name] = (user with { Apps = user.Apps.Remove(slug) }, "");
            UsersLosingApps.Add((user, users[user.Name].User));
        }
    }

    private bool IsUnreadable(AppSlug slug) => Current.Unreadable.Any(entry => entry.Kind == "app" && entry.Key == slug.ToString());
}
