using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace StreamHub.Server.Listeners;

/// <summary>The actual endpoints of the listeners; settings with port 0 leave the port to the system. Available after the server's start.</summary>
internal sealed class BoundListeners(IServer server)
{
    /// <summary>The endpoint of the home page and the apps.</summary>
    /// <exception cref="InvalidOperationException">The server is not listening.</exception>
    public IPEndPoint Users => EndPoint(0);

    /// <summary>The endpoint of the dashboard.</summary>
    /// <exception cref="InvalidOperationException">The server is not listening.</exception>
    public IPEndPoint Admin => EndPoint(1);

    // In the order of ListenersFeature.ListenOn.
    private IPEndPoint EndPoint(int index)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
        if (addresses.Length != 2)
        {
            throw new InvalidOperationException($"The server has {addresses.Length} addresses instead of two, for users and for admins.");
        }

        var bound = BindingAddress.Parse(addresses[index]);
        return new IPEndPoint(IPAddress.Parse(bound.Host.Trim('[', ']')), bound.Port);
    }
}
