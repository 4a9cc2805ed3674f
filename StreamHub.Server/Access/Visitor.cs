using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>An authenticated user.</summary>
/// <param name="User">The admitted user whose address it is.</param>
internal sealed record Visitor(ClientAddress Address, User User)
{
    /// <summary>Whether the address is an admin's and the browser unknown: see <see cref="AdminBrowsers"/>.</summary>
    public bool IsInUnknownBrowser { get; private init; }

    /// <summary>The visitor at an admin's address in an unknown browser: a user.</summary>
    public static Visitor InUnknownBrowser(ClientAddress address, User admin) => new(address, AsUser(admin)) { IsInUnknownBrowser = true };

    /// <summary>What the visitor is by the configuration in force.</summary>
    /// <param name="now">The user whose address it is now.</param>
    public User As(User now) => IsInUnknownBrowser ? AsUser(now) : now;

    private static User AsUser(User user) => user with { Role = Role.User };
}
