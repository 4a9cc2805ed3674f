using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using StreamHub.Domain.Access;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>
/// The names under which this hub may be addressed: a page of some other site that points its own name at this
/// machine (DNS rebinding) is not among them.
/// </summary>
internal sealed class OwnHosts(HubSettings settings, OwnAddresses addresses)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

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
        if (!host.Contains('.', StringComparison.Ordinal))
        {
            // Multicast DNS (RFC 6762), which Windows, macOS and Avahi answer by themselves.
            yield return $"{host}.local";
            if (IPGlobalProperties.GetIPGlobalProperties().DomainName is { Length: > 0 } domain)
            {
                yield return $"{host}.{domain}";
            }
        }

        if (FullName(host) is { } full)
        {
            yield return full;
        }

        foreach (var allowed in settings.AllowedHosts)
        {
            yield return allowed;
        }
    }

    /// <summary>The machine's name with its domain, as <c>/etc/hosts</c> or the name server has it; another name than the machine's own does not count.</summary>
    private static string? FullName(string host)
    {
        try
        {
            var full = Dns.GetHostEntryAsync(host).WaitAsync(Patience).GetAwaiter().GetResult().HostName;
            return full.StartsWith(host + '.', StringComparison.OrdinalIgnoreCase) ? full : null;
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            return null;
        }
    }
}
