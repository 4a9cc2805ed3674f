using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>An authenticated user.</summary>
internal sealed record Visitor(ClientAddress Address, User User)
{
    /// <summary>Whether the address is an admin's and the browser is unknown: see <see cref="AdminBrowsers"/>.</summary>
    public bool IsInUnknownBrowser { get; private init; }

    /// <summary>The visitor at an admin's address in an unknown browser, with the rights of a plain user.</summary>
    public static Visitor InUnknownBrowser(ClientAddress address, User admin) => new(address, AsUser(admin)) { IsInUnknownBrowser = true };

    /// <summary>The visitor's user in the current configuration.</summary>
    /// <param name="now">The user that the address belongs to now.</param>
    public User As(User now) => IsInUnknownBrowser ? AsUser(now) : now;

    private static User AsUser(User user) => user with { Role = Role.User };
}
