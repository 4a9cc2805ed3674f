using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Configuration;

/// <summary>
/// Reads and writes the rows of the configuration. An unreadable row is logged and grants no access; the others stay usable. A user with an
/// unreadable document, or one that contradicts its row, counts as disabled and keeps its addresses; otherwise a wider range of another user
/// would admit them.
/// </summary>
internal sealed partial class StoredEntries(HubSettings settings, ILogger<StoredEntries> logger)
{
    /// <summary>
    /// Reads the whole configuration; the rows stay tracked for <see cref="WriteAsync(HubDbContext, User?, User?, CancellationToken)"/>.
    /// </summary>
    public async Task<HubConfiguration> ReadAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        var apps = await db.Apps.ToListAsync(cancellationToken);
        var users = await db.Users.Include(row => row.Addresses.OrderBy(address => address.Id)).AsSingleQuery().ToListAsync(cancellationToken);
        var tokens = await db.ApiTokens.AsNoTracking().ToListAsync(cancellationToken);
        var unreadable = ImmutableArray.CreateBuilder<UnreadableEntry>();
        return HubConfiguration.Create([.. users.Select(row => User(row, unreadable))], [.. apps.Select(row => App(row, unreadable)).OfType<App>()], settings.TimeZone) with
        {
            Unreadable = unreadable.ToImmutable(),
            Tokens = ApiTokens.Of(tokens.Select(Token).OfType<ApiToken>()),
            LastApproval = await db.AccessRequests.Where(row => row.State == AccessRequestState.Approved).MaxAsync(row => row.DecidedAt, cancellationToken),
        };
    }

    /// <summary>Creates, updates or removes the row of a user that was read with this context. Nothing is saved yet.</summary>
    public static async Task WriteAsync(HubDbContext db, User? before, User? after, CancellationToken cancellationToken)
    {
        var row = (before is null ? null : await db.Users.FindAsync([before.Id], cancellationToken)) ?? db.Users.Add(new UserRow()).Entity;
        if (after is null)
        {
            db.Users.Remove(row);
            return;
        }

        row.Name = after.Name.ToString();
        row.Entry = EntryWriter.Document(UserEntry.Of(after));
        row.Addresses.Clear();
        row.Addresses.AddRange(after.Addresses.Select(range => new UserAddressRow { Range = range.ToString() }));
    }

    /// <summary>Creates, updates or removes the row of an app; it may replace an unreadable one.</summary>
    public static async Task WriteAsync(HubDbContext db, AppSlug slug, App? after, CancellationToken cancellationToken)
    {
        var row = await db.Apps.FindAsync([slug.ToString()], cancellationToken) ?? db.Apps.Add(new AppRow { Slug = slug.ToString() }).Entity;
        if (after is null)
        {
            db.Apps.Remove(row);
            return;
        }

        row.Entry = EntryWriter.Document(AppEntry.Of(after));
    }

    private ApiToken? Token(ApiTokenRow row)
    {
        if (Spelling.TryParse<TokenScope>(row.Scope, out var scope) && TokenName.TryParse(row.Name, out var name))
        {
            return new ApiToken(row.Hash, name, scope, row.Expires, row.Revoked is not null);
        }

        Log.Unreadable(logger, "token", row.Name, "its name or scope is unknown");
        return null;
    }

    private User User(UserRow row, ImmutableArray<UnreadableEntry>.Builder unreadable)
    {
        var (user, error) = Read<UserEntry, User>(row.Entry, (reader, entry) => reader.Read(entry, ""));

        // The substitute of another row, or a name that parsing changes, could be a second user of the same name.
        var name = UserName.TryParse(row.Name, out var known) && known.ToString() == row.Name && known.Row is null ? known : UserName.OfRow(row.Id);
        if (user?.Name == name && name.ToString() == row.Name)
        {
            if (user.Addresses.Select(range => (AddressRange?)range).ToHashSet().SetEquals(row.Addresses.Select(Exact)))
            {
                return user with { Id = row.Id };
            }

            error = "the addresses in the document are not those in user_addresses";
        }

        unreadable.Add(Unreadable("user", name.ToString(), error));
        return new User(name, Role.User, [.. row.Addresses.Select(Range).OfType<AddressRange>()], []) { Id = row.Id, Disabled = true };
    }

    private static AddressRange? Exact(UserAddressRow row) => AddressRange.TryParse(row.Range, out var range) ? range : null;

    /// <summary>The range of a row; for an invalid prefix length its first address only.</summary>
    private static AddressRange? Range(UserAddressRow row) =>
        Exact(row) is { } range ? range
        : ClientAddress.TryParse(row.Range.Split('/')[0], out var single) ? AddressRange.Single(single)
        : null;

    private App? App(AppRow row, ImmutableArray<UnreadableEntry>.Builder unreadable)
    {
        var (app, error) = Read<AppEntry, App>(row.Entry, (reader, entry) => reader.Read(entry, ""));
        if (app is not null && app.Slug.ToString() == row.Slug)
        {
            return app;
        }

        unreadable.Add(Unreadable("app", row.Slug, error));
        return null;
    }

    private static (T? Value, string Error) Read<TEntry, T>(string document, Func<EntryReader, TEntry, T?> read)
        where TEntry : new()
        where T : class
    {
        var reader = EntryReader.OfStored();
        var errors = new List<EntryError>();
        var entry = EntryJson.Read<TEntry>(document, errors);
        errors.ForEach(reader.Refuse);
        var value = read(reader, entry);
        return reader.Errors.Count == 0 ? (value, "the document is another one's") : (null, string.Join("; ", reader.Errors));
    }

    private UnreadableEntry Unreadable(string kind, string key, string error)
    {
        Log.Unreadable(logger, kind, key, error);
        return new UnreadableEntry(kind, key, error);
    }

    private static partial class Log
    {
        [LoggerMessage(1507, LogLevel.Error, "The stored {Kind} '{Key}' cannot be read and grants no access: {Error}")]
        public static partial void Unreadable(ILogger logger, string kind, string key, string error);
    }
}
