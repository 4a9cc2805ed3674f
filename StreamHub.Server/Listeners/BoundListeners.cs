using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace StreamHub.Server.Listeners;

/// <summary>Where the listeners really are, which the settings leave to the system with port 0. Known once the server has started.</summary>
internal sealed class BoundListeners(IServer server)
{
    /// <summary>Home and the apps.</summary>
    /// <exception cref="InvalidOperationException">The server does not listen.</exception>
    public IPEndPoint Users => EndPoint(0);

    /// <summary>The dashboard.</summary>
    /// <exception cref="InvalidOperationException">The server does not listen.</exception>
    public IPEndPoint Admin => EndPoint(1);

    // In the order in which ListenersFeature.ListenOn sets them up.
    private IPEndPoint EndPoint(int index)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
        if (addresses.Length != 2)
        {
            throw new InvalidOperationException($"The server names {addresses.Length} addresses; the one for users and the one for admins were expected.");
        }

        var bound = BindingAddress.Parse(addresses[index]);
        return new IPEndPoint(IPAddress.Parse(bound.Host.Trim('[', ']')), bound.Port);
    }
}
