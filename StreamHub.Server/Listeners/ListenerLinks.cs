using System.Net;
using StreamHub.Domain.Access;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>Links to the listeners: on pages of the one to the other, and on consoles. <c>StreamHub:PublicUrl</c> goes before what can be guessed.</summary>
internal sealed class ListenerLinks(HubSettings settings, BoundListeners bound)
{
    /// <summary>The first page of a listener for somebody who looks at a page of the other: its port on the same host, unless it is set.</summary>
    /// <param name="host">Of the page's address, without the port.</param>
    public string From(string scheme, string host, Listener to) =>
        (settings.PublicUrl(to)?.Origin ?? $"{scheme}{Uri.SchemeDelimiter}{new HostString(host, (to == Listener.Users ? bound.Users : bound.Admin).Port)}") + "/";

    /// <summary>The origins to print of a listener: what is set, this machine, and the network when the listener is bound to every address.</summary>
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
