using System.Collections.Immutable;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Http;

namespace StreamHub.Server.Configuration;

/// <summary>Users, apps and tokens as stored, with the policy compiled from them. Immutable.</summary>
/// <param name="Users">By name.</param>
/// <param name="Apps">By slug.</param>
/// <param name="Policy">Decides access by address.</param>
internal sealed record HubConfiguration(ImmutableArray<User> Users, ImmutableArray<App> Apps, AccessPolicy Policy)
{
    /// <summary>The configuration until the database is read: no users, no apps.</summary>
    public static HubConfiguration Empty { get; } = new([], [], AccessPolicy.Empty);

    /// <summary>Stored apps and users that cannot be parsed.</summary>
    public ImmutableArray<UnreadableEntry> Unreadable { get; init; } = [];

    /// <summary>The bearer tokens of the API.</summary>
    public ApiTokens Tokens { get; init; } = ApiTokens.None;

    /// <summary>When the latest approved request that this configuration contains was decided; null for none.</summary>
    public DateTimeOffset? LastApproval { get; init; }

    /// <param name="zone">The time zone of users' hours; default UTC.</param>
    public static HubConfiguration Create(IEnumerable<User> users, IEnumerable<App> apps, TimeZoneInfo? zone = null)
    {
        ImmutableArray<User> sorted = [.. users.OrderBy(user => user.Name.ToString(), StringComparer.Ordinal)];
        return new HubConfiguration(sorted, [.. apps.OrderBy(app => app.Slug)], AccessPolicy.Create(sorted, zone));
    }

    /// <summary>The requested app if it exists: names from unauthenticated clients must not fill logs.</summary>
    /// <param name="target">Null when the request was refused before its target was parsed.</param>
    public AppSlug? AppOf(RequestTarget? target) => target?.App is { } slug && FindApp(slug) is not null ? slug : null;

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
