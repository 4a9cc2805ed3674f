using System.Collections.Immutable;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Http;

namespace StreamHub.Server.Configuration;

/// <summary>Users, apps and tokens as stored, with the policy compiled from them. Immutable.</summary>
/// <param name="Users">By name.</param>
/// <param name="Apps">By slug.</param>
/// <param name="Policy">Who comes in from where.</param>
internal sealed record HubConfiguration(ImmutableArray<User> Users, ImmutableArray<App> Apps, AccessPolicy Policy)
{
    /// <summary>Nobody and nothing: the configuration until the database was read.</summary>
    public static HubConfiguration Empty { get; } = new([], [], AccessPolicy.Empty);

    /// <summary>Stored apps and users that cannot be read.</summary>
    public ImmutableArray<UnreadableEntry> Unreadable { get; init; } = [];

    /// <summary>What opens the API beside an admin's address.</summary>
    public ApiTokens Tokens { get; init; } = ApiTokens.None;

    /// <summary>When the latest request for access was approved whose effect this holds; null when none was.</summary>
    public DateTimeOffset? LastApproval { get; init; }

    /// <summary>Compiles the configuration.</summary>
    /// <param name="users">The users.</param>
    /// <param name="apps">The apps.</param>
    /// <param name="zone">Whose wall clock the hours of users mean; UTC when left out.</param>
    public static HubConfiguration Create(IEnumerable<User> users, IEnumerable<App> apps, TimeZoneInfo? zone = null)
    {
        ImmutableArray<User> sorted = [.. users.OrderBy(user => user.Name.ToString(), StringComparer.Ordinal)];
        return new HubConfiguration(sorted, [.. apps.OrderBy(app => app.Slug)], AccessPolicy.Create(sorted, zone));
    }

    /// <summary>The app that a request asks for. Only one that exists: a stranger must not fill logs with names.</summary>
    /// <param name="target">Null when the request was refused before its target was read.</param>
    public AppSlug? AppOf(RequestTarget? target) => target?.App is { } slug && FindApp(slug) is not null ? slug : null;

    /// <summary>The app, or null.</summary>
    public App? FindApp(AppSlug slug)
    {
        foreach (var app in Apps)
        {
            if (app.Slug == slug)
            {
                return app;
            }
        }

        return null;
    }
}
