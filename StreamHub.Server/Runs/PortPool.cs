using System.Net;
using System.Net.Sockets;
using StreamHub.Domain.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runs;

/// <summary>
/// Assigns the loopback ports of the configured range in rotation, so that a port is not reused right after its run ended. The
/// hub assigns ports itself, because two Streamlit apps can bind one port unnoticed on Windows.
/// </summary>
internal sealed class PortPool(HubSettings settings)
{
    private readonly Lock gate = new();
    private readonly HashSet<int> rented = [];
    private int next = settings.FirstAppPort;

    /// <summary>A port without a listener at this moment.</summary>
    /// <exception cref="PortsExhaustedException">All ports are in use.</exception>
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

    /// <summary>Reserves the port of an adopted run.</summary>
    public void Reserve(AppEndpoint endpoint)
    {
        lock (gate)
        {
            rented.Add(endpoint.Port);
        }
    }

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
