using StreamHub.Domain.Access;

namespace StreamHub.Server.Limits;

/// <summary>The client that a limit counts for.</summary>
internal readonly record struct LimitedClient(ClientAddress Address, bool IsUnauthenticated)
{
    /// <summary>An unauthenticated client counts as its network, or it would have as many limits as its machine has IPv6 addresses.</summary>
    public static LimitedClient Of(ClientAddress address, bool isAuthenticated) => isAuthenticated ? new(address, false) : new(address.Site, true);
}
