using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;
using StreamHub.Domain.Access;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>
/// The names under which this hub may be addressed: a page of some other site that points its own name at this
/// machine (DNS rebinding) is not among them.
/// </summary>
internal sealed class OwnHosts(HubSettings settings, OwnAddresses addresses)
{
    private readonly FrozenSet<string> names = Names(settings).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the host (of a <c>Host</c> header, without its port) is this machine.</summary>
    public bool Contains(string host)
    {
        if (names.Contains(host))
        {
            return true;
        }

        var bare = host is ['[', .., ']'] ? host[1..^1] : host;
        return ClientAddress.TryParse(bare, out var address) && addresses.Contains(address);
    }

    /// <summary>The addresses of the machine's interfaces, loopback left out.</summary>
    public IReadOnlyCollection<ClientAddress> Addresses() => addresses.OfInterfaces();

    private static IEnumerable<string> Names(HubSettings settings)
    {
        yield return "localhost";
        yield return Environment.MachineName;
        var host = Dns.GetHostName();
        yield return host;
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        if (properties.DomainName.Length > 0 && !host.Contains('.', StringComparison.Ordinal))
        {
            yield return $"{host}.{properties.DomainName}";
        }

        foreach (var allowed in settings.AllowedHosts)
        {
            yield return allowed;
        }
    }
}
