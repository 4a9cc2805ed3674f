using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>Who a request comes from, decided once by the gate.</summary>
/// <param name="Address">The client address.</param>
/// <param name="User">The user in force that the address belongs to.</param>
internal sealed record Visitor(ClientAddress Address, User User)
{
    /// <summary>Whether the address is an admin's and the browser nobody's: see <see cref="AdminBrowsers"/>.</summary>
    public bool IsInUnknownBrowser { get; private init; }

    /// <summary>The visitor at an admin's address in a browser that is not known as theirs: a user.</summary>
    public static Visitor InUnknownBrowser(ClientAddress address, User admin) => new(address, AsUser(admin)) { IsInUnknownBrowser = true };

    /// <summary>What the visitor is by what is in force now.</summary>
    /// <param name="now">The user that the address belongs to.</param>
    public User As(User now) => IsInUnknownBrowser ? AsUser(now) : now;

    private static User AsUser(User user) => user with { Role = Role.User };
}
