using System.Net;
using System.Net.Sockets;
using StreamHub.Domain.Instances;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runs;

/// <summary>
/// Hands out the loopback ports of the configured range, one after the other, so that a port is not given again
/// right after its run ended. The hub owns the choice: two Streamlit apps can bind one port unnoticed on Windows.
/// </summary>
internal sealed class PortPool(HubSettings settings)
{
    private readonly Lock gate = new();
    private readonly HashSet<int> rented = [];
    private int next = settings.FirstAppPort;

    /// <summary>A port that nobody listens on at this moment.</summary>
    /// <exception cref="PortsExhaustedException">There is none.</exception>
    public AppEndpoint Rent()
    {
        lock (gate)
        {
            for (var tries = settings.LastAppPort - settings.FirstAppPort + 1; tries > 0; tries--)
            {
                var port = next;
                next = port == settings.LastAppPort ? settings.FirstAppPort : port + 1;
                if (!rented.Contains(port) && IsFree(port))
                {
                    rented.Add(port);
                    return new AppEndpoint(port);
                }
            }
        }

        throw new PortsExhaustedException(
            $"No port from {settings.FirstAppPort} to {settings.LastAppPort} is free. StreamHub:Apps:Ports sets the range.");
    }

    /// <summary>Takes a port that an adopted run listens on.</summary>
    public void Reserve(AppEndpoint endpoint)
    {
        lock (gate)
        {
            rented.Add(endpoint.Port);
        }
    }

    /// <summary>Gives a port back.</summary>
    public void Return(AppEndpoint endpoint)
    {
        lock (gate)
        {
            rented.Remove(endpoint.Port);
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.ExclusiveAddressUse = OperatingSystem.IsWindows();
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
