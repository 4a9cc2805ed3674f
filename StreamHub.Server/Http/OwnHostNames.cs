using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using StreamHub.Domain.Access;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Http;

/// <summary>The accepted host names. They protect against DNS rebinding: a page of another site whose host name resolves to this machine.</summary>
internal sealed class OwnHostNames(HubSettings settings, OwnAddresses addresses, HostNameLookup lookup, TimeProvider timeProvider)
{
    /// <summary>How long a failed DNS lookup of the full host name is cached: the hub may have started before the network.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock asking = new();
    private readonly string machine = Dns.GetHostName();
    private Task<string?> fullName = FullNameAsync(lookup, Dns.GetHostName());
    private long asked = timeProvider.GetTimestamp();
    private readonly FrozenSet<string> names = Names(settings).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a host (of a <c>Host</c> header, without its port) is this machine.</summary>
    public bool Contains(string host)
    {
        if (names.Contains(host) || IsFullName(host))
        {
            return true;
        }

        var bare = host is ['[', .., ']'] ? host[1..^1] : host;
        return ClientAddress.TryParse(bare, out var address) && addresses.Contains(address);
    }

    private bool IsFullName(string host)
    {
        if (!host.StartsWith(machine + '.', StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        lock (asking)
        {
            if (fullName is { IsCompletedSuccessfully: true } known && known.GetAwaiter().GetResult() is { } name)
            {
                return string.Equals(host, name, StringComparison.OrdinalIgnoreCase);
            }

            if (fullName.IsCompleted && timeProvider.GetElapsedTime(asked) >= Patience)
            {
                (fullName, asked) = (FullNameAsync(lookup, machine), timeProvider.GetTimestamp());
            }

            return false;
        }
    }

    private static IEnumerable<string> Names(HubSettings settings)
    {
        yield return "localhost";
        yield return Environment.MachineName;
        var host = Dns.GetHostName();
        yield return host;

        // Multicast DNS (RFC 6762), answered by Windows, macOS and Avahi.
        yield return $"{host.Split('.')[0]}.local";
        if (IPGlobalProperties.GetIPGlobalProperties().DomainName is { Length: > 0 } domain && !host.Contains('.', StringComparison.Ordinal))
        {
            yield return $"{host}.{domain}";
        }

        foreach (var allowed in settings.AllowedHosts.Concat(new[] { settings.PublicUsersUrl, settings.PublicAdminUrl }.OfType<PublicUrl>().Select(url => url.Host)))
        {
            yield return allowed;
        }
    }

    /// <summary>The full name of a host by the system's resolver.</summary>
    public static async Task<string?> LookUpAsync(string host)
    {
        try
        {
            return (await Dns.GetHostEntryAsync(host)).HostName;
        }
        catch (SocketException)
        {
            // Unknown to DNS.
            return null;
        }
    }

    /// <summary>
    /// The fully qualified name of the machine; a result with another host part is ignored. The lookup runs in the background: neither the start
    /// nor a request waits for DNS.
    /// </summary>
    private static async Task<string?> FullNameAsync(HostNameLookup lookup, string host) =>
        await lookup(host) is { } full && full.StartsWith(host + '.', StringComparison.OrdinalIgnoreCase) ? full : null;
}
