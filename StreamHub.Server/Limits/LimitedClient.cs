using StreamHub.Domain.Access;

namespace StreamHub.Server.Limits;

/// <summary>The client that a limit applies to.</summary>
internal readonly record struct LimitedClient(ClientAddress Address, bool IsUnauthenticated)
{
    /// <summary>Unauthenticated clients count per network: a machine has many IPv6 addresses and would have as many limits.</summary>
    public static LimitedClient Of(ClientAddress address, bool isAuthenticated) => isAuthenticated ? new(address, false) : new(address.Site, true);
}
