using System.Net;
using StreamHub.Domain.Access;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>
/// Links to the listeners, for pages of the other listener and for consoles. <c>StreamHub:PublicUrl</c> has precedence over the
/// guess.
/// </summary>
internal sealed class ListenerLinks(HubSettings settings, BoundListeners bound)
{
    /// <summary>The first page of a listener, linked from the other: its port on the same host, unless it is configured.</summary>
    /// <param name="host">The host of the page's address, without the port.</param>
    public string From(string scheme, string host, Listener to) =>
        (settings.PublicUrl(to)?.Origin ?? $"{scheme}{Uri.SchemeDelimiter}{new HostString(host, (to == Listener.Users ? bound.Users : bound.Admin).Port)}") + "/";

    /// <summary>
    /// The origins of a listener for the console: the configured one, this machine, and the network if the listener is bound to
    /// every address.
    /// </summary>
    public static IReadOnlyList<string> OnConsole(PublicUrl? set, IPEndPoint listener, OwnAddresses addresses)
    {
        var isAny = listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any);
        var lan = isAny
            ? addresses.OfInterfaces().Where(address => address.IsIPv4).OrderBy(address => address.Bits).Select(address => (ClientAddress?)address).FirstOrDefault()
            : null;
        return
        [
            .. set is null ? [] : new[] { set.Origin },
            Origin(isAny ? IPAddress.Loopback : listener.Address, listener.Port),
            .. lan is { } found ? new[] { Origin(found.ToIPAddress(), listener.Port) } : [],
        ];
    }

    private static string Origin(IPAddress address, int port) => $"http://{new IPEndPoint(address, port)}";
}
