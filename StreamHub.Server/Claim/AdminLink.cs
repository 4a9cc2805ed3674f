using System.Net;
using StreamHub.Domain.Access;
using StreamHub.Server.Http;

namespace StreamHub.Server.Claim;

/// <summary>Under which addresses a listener is reached.</summary>
internal static class AdminLink
{
    /// <summary>From this machine first, then from the network when the listener is bound to every address.</summary>
    public static IReadOnlyList<string> BaseAddresses(IPEndPoint listener, OwnHostNames hosts)
    {
        var isAny = listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any);
        if (!isAny)
        {
            return [Base(listener.Address, listener.Port)];
        }

        var lan = hosts.Addresses().Where(address => address.IsIPv4).OrderBy(address => address.Bits).Select(address => (ClientAddress?)address).FirstOrDefault();
        return lan is { } found
            ? [Base(IPAddress.Loopback, listener.Port), Base(found.ToIPAddress(), listener.Port)]
            : [Base(IPAddress.Loopback, listener.Port)];
    }

    public static string Claim(string baseAddress, string token) => $"{baseAddress}/claim?token={token}";

    private static string Base(IPAddress address, int port) => $"http://{new IPEndPoint(address, port)}";
}
