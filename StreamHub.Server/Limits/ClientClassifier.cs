using System.Net;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Listeners;

namespace StreamHub.Server.Limits;

/// <summary>Whom limits count for, before anything is decided.</summary>
internal sealed class ClientClassifier(ConfigurationStore configuration, CurrentPolicy policy, ClientAddressResolver addresses)
{
    /// <summary>Who is at the other end of a connection; no address for a known proxy, which stands for many.</summary>
    public (ClientAddress? Who, bool IsStranger) Of(IPAddress peer, Listener listener) => ClientAt(peer) is { } address ? Of(address, listener) : (null, false);

    /// <summary>The address at the other end of a connection; null for a known proxy's.</summary>
    public ClientAddress? ClientAt(IPAddress peer) => ClientAddress.From(peer) is var address && addresses.IsProxy(address) ? null : address;

    /// <summary>Who makes a request; the proxy itself when it does not say for whom.</summary>
    public (ClientAddress Who, bool IsStranger) Of(HttpContext context) =>
        addresses.TryResolve(context, out var address) ? Of(address, context.Listener())
        : (context.Connection.RemoteIpAddress is { } peer ? ClientAddress.From(peer) : default, true);

    // Whoever is not let in counts as their network, or they would have as many limits as their machine has IPv6 addresses.
    private (ClientAddress Who, bool IsStranger) Of(ClientAddress address, Listener listener) => IsLetIn(address, listener) ? (address, false) : (address.Site, true);

    private bool IsLetIn(ClientAddress address, Listener listener)
    {
        try
        {
            return policy.LetsIn(configuration.Current, address, listener, out _, out _);
        }
        catch (Exception)
        {
            // The gate meets the same fault, and says so.
            return false;
        }
    }
}
