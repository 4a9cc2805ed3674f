using System.Data;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;
using StreamHub.Server.Visits;

namespace StreamHub.Server.Configuration;

/// <summary>
/// Changes the stored users and apps. Every change is one transaction with its audit entries and reads its input inside it, so that concurrent
/// changes of two admins, or of an admin and the command line, are serialised.
/// </summary>
internal sealed class ConfigurationEditor(
    IDbContextFactory<HubDbContext> contexts,
    StoredEntries entries,
    ConfigurationLoader loader,
    ConfigurationStore store,
    AuditTrail audit,
    HubSettings settings,
    SteadyClock clock)
{
    public Task<ChangeResult> SaveUserAsync(UserEntry entry, string? original, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(draft => Put(draft, entry, original), strict: false, options, actor, cancellationToken, act: ("user.save", original ?? entry.Name));

    public Task<ChangeResult> SaveUserAsync(UserEntry entry, string? original, Actor actor, CancellationToken cancellationToken) =>
        SaveUserAsync(entry, original, default, actor, cancellationToken);

    public Task<ChangeResult> RemoveUserAsync(string name, Actor actor, CancellationToken cancellationToken) =>
        RemoveUserAsync(name, default, actor, cancellationToken);

    public Task<ChangeResult> ApplyAsync(
        HubFile file, IReadOnlyList<EntryError> readErrors, bool plan, Actor actor, CancellationToken cancellationToken) =>
        ApplyAsync(file, readErrors, new ChangeOptions(plan), actor, cancellationToken);

    /// <param name="strict">See <see cref="EntryReader"/>.</param>
    public Task<ChangeResult> SaveAppAsync(AppEntry entry, string? original, Actor actor, CancellationToken cancellationToken, bool strict = false) =>
        ChangeAsync(draft => Put(draft, entry, original), strict, default, actor, cancellationToken, act: ("app.save", original ?? entry.Slug));

    public Task<ChangeResult> RemoveUserAsync(string name, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            draft =>
            {
                if (draft.FindUser(name) is { } user)
                {
                    draft.Remove(user);
                }
                else
                {
                    draft.Refuse("name", $"there is no user '{name}'");
                }
            },
            strict: false, options, actor, cancellationToken, act: ("user.remove", name));

    public Task<ChangeResult> RemoveAppAsync(string slug, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            draft => draft.RemoveApp(slug), strict: false, default, actor, cancellationToken, act: ("app.remove", slug));

    /// <param name="file">The entries to create and update.</param>
    /// <param name="readErrors">Errors from parsing the file, reported together with the others.</param>
    public Task<ChangeResult> ApplyAsync(
        HubFile file, IReadOnlyList<EntryError> readErrors, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            draft =>
            {
                foreach (var error in readErrors)
                {
                    draft.Refuse(error.Path, error.Text);
                }

                foreach (var (index, app) in file.Apps.Index())
                {
                    draft.Put(app, $"apps[{index}]");
                }

                foreach (var (index, user) in file.Users.Index())
                {
                    draft.Put(user, $"users[{index}]");
                }
            },
            strict: true, options, actor, cancellationToken);

    public HubFile Export() => store.Export();

    public IReadOnlyList<EntryError> Check(UserEntry entry, string? original) => Check(draft => Put(draft, entry, original));

    public IReadOnlyList<EntryError> Check(AppEntry entry, string? original) => Check(draft => Put(draft, entry, original));

    public IReadOnlyList<AccessOverlap> Overlaps(UserEntry entry, string? original) => Overlaps(draft => Put(draft, entry, original));

    public IReadOnlyList<AccessOverlap> Overlaps(Action<ConfigurationDraft> decide)
    {
        var draft = Draft(decide);
        return draft.Errors.Count == 0 ? draft.Overlaps() : [];
    }

    public AccessExplanation Explain(ClientAddress address, AppSlug? slug) =>
        AccessExplanation.Of(store.Current.Policy, address, slug, slug is { } app && store.Current.FindApp(app) is not null, clock.Wall, settings.KnownAdminBrowsers);

    /// <summary>Decides on the stored configuration; writes the result with its audit entries, or nothing.</summary>
    /// <param name="decide">Fills the draft.</param>
    /// <param name="strict">See <see cref="EntryReader"/>.</param>
    /// <param name="also">Writes more and its audit entries in the same transaction; false rolls everything back.</param>
    /// <param name="act">The action and target of a refusal in the audit.</param>
    public async Task<ChangeResult> ChangeAsync(
        Action<ConfigurationDraft> decide,
        bool strict,
        ChangeOptions options,
        Actor actor,
        CancellationToken cancellationToken,
        Func<HubDbContext, List<AuditRow>, Task<bool>>? also = null,
        (string Name, string Target)? act = null)
    {
        ChangeResult done;
        AuditHead head;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            // A write transaction (BEGIN IMMEDIATE) prevents other writes between reading and writing. A dry run only reads (BEGIN DEFERRED) and
            // blocks no writer.
            await using var transaction = await db.Database.BeginTransactionAsync(options.Plan ? IsolationLevel.ReadUncommitted : IsolationLevel.Serializable, cancellationToken);
            var draft = new ConfigurationDraft(await entries.ReadAsync(db, cancellationToken), new EntryReader(strict, settings.Folders), settings.KnownProxies, options.Force);
            decide(draft);
            draft.Check(actor, clock.Wall);
            if (draft.Errors.Count > 0)
            {
                if (!options.Plan)
                {
                    var (name, target) = act ?? ("apply", "");
                    head = await AuditTrail.AddAsync(db, [Refused(actor, name, target, draft.Errors)], cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                    audit.Anchor(head);
                }

                return ChangeResult.Refused(draft.Errors);
            }

            var rows = new List<AuditRow>();
            done = ChangeResult.Done(await WriteAsync(options.Plan ? null : db, draft, rows, actor, cancellationToken)) with { Overlaps = draft.Overlaps(), Entries = [.. rows.Select(AuditLog.Of)] };
            if (options.Plan)
            {
                var visits = await VisitLog.ReadAsync(db, clock.Wall, cancellationToken);
                return done with { Preview = AccessPreview.Replay(visits, draft.Current.Policy, draft.Next().Policy, clock.Wall, draft.Renamed()) };
            }

            if (also is not null && !await also(db, rows))
            {
                return ChangeResult.Refused(new EntryError("", $"somebody else was first"));
            }

            head = await AuditTrail.AddAsync(db, rows, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        audit.Anchor(head);

        await loader.ReloadCommittedAsync();
        return done;
    }

    /// <summary>Records an action without a change of the configuration.</summary>
    public Task AuditAsync(Actor actor, string action, string target, string? before, string? after, CancellationToken cancellationToken) =>
        audit.AppendAsync([Entry(actor, action, target, before, after)], cancellationToken);

    /// <summary>Records a refused action.</summary>
    public Task AuditRefusalAsync(Actor actor, string action, string target, IReadOnlyList<EntryError> errors, CancellationToken cancellationToken) =>
        audit.AppendAsync([Refused(actor, action, target, errors)], cancellationToken);

    private static void Put(ConfigurationDraft draft, UserEntry entry, string? original)
    {
        var before = original is null ? null : draft.FindUser(original);
        if (original is not null && before is null)
        {
            draft.Refuse("name", $"the user '{original}' was removed");
        }
        else if (original is null && draft.FindUser(entry.Name ?? "") is not null)
        {
            draft.Refuse("name", $"the user '{entry.Name}' exists already");
        }
        else
        {
            draft.Put(entry, "", before);
        }
    }

    private static void Put(ConfigurationDraft draft, AppEntry entry, string? original)
    {
        if (original is not null && entry.Slug != original)
        {
            draft.Refuse("slug", $"the slug '{original}' cannot be changed");
        }
        else if (original is not null && draft.FindApp(original) is null)
        {
            draft.Refuse("slug", $"the app '{original}' was removed");
        }
        else if (original is null && draft.FindApp(entry.Slug ?? "") is not null)
        {
            draft.Refuse("slug", $"the app '{entry.Slug}' exists already");
        }
        else
        {
            draft.Put(entry, "");
        }
    }

    private IReadOnlyList<EntryError> Check(Action<ConfigurationDraft> decide) => Draft(decide).Errors;

    private ConfigurationDraft Draft(Action<ConfigurationDraft> decide)
    {
        var draft = new ConfigurationDraft(store.Current, new EntryReader(strict: false, settings.Folders), settings.KnownProxies);
        decide(draft);
        draft.Check(new Actor("", null), clock.Wall);
        return draft;
    }

    /// <param name="db">Null to report the changes only.</param>
    /// <param name="rows">Receives the audit entries.</param>
    private async Task<IReadOnlyList<string>> WriteAsync(
        HubDbContext? db, ConfigurationDraft draft, List<AuditRow> rows, Actor actor, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var (before, after) in draft.Apps)
        {
            var slug = (before ?? after)!.Slug;
            if (Record("app", slug.ToString(), before is null ? null : AppEntry.Of(before), after is null ? null : AppEntry.Of(after)) && db is not null)
            {
                await StoredEntries.WriteAsync(db, slug, after, cancellationToken);
            }
        }

        if (draft.UnreadableToRemove is { } unreadable)
        {
            lines.Add($"app {unreadable}: removed");
            rows.Add(Entry(actor, "app.removed", unreadable.ToString(), null, null));
            if (db is not null)
            {
                await StoredEntries.WriteAsync(db, unreadable, null, cancellationToken);
            }
        }

        foreach (var (before, after) in draft.Users.Concat(draft.UsersLosingApps.Select(change => ((User?)change.Before, (User?)change.After))))
        {
            if (Record("user", (before ?? after)!.Name.ToString(), before is null ? null : UserEntry.Of(before), after is null ? null : UserEntry.Of(after)) && db is not null)
            {
                await StoredEntries.WriteAsync(db, before, after, cancellationToken);
            }
        }

        return lines;

        bool Record<TEntry>(string kind, string target, TEntry? old, TEntry? now)
            where TEntry : class
        {
            var (verb, text) = (old, now) switch
            {
                (null, _) => ("created", "created"),
                (_, null) => ("removed", "removed"),
                _ => ("changed", string.Join(", ", EntryWriter.Differences(old, now))),
            };
            if (text.Length == 0)
            {
                return false;
            }

            lines.Add($"{kind} {target}: {text}");
            rows.Add(Entry(actor, $"{kind}.{verb}", target, EntryWriter.Audit(old), EntryWriter.Audit(now)));
            return true;
        }
    }

    private AuditRow Refused(Actor actor, string action, string target, IReadOnlyList<EntryError> errors) =>
        Entry(actor, $"{action}.refused", target.Length > 100 ? target[..100] : target, null, EntryWriter.Audit(errors));

    public AuditRow Entry(Actor actor, string action, string target, string? before, string? after) => new()
    {
        At = clock.Wall,
        Actor = actor.Name,
        Address = actor.Address,
        Action = action,
        Target = target,
        Before = before,
        After = after,
    };
}
