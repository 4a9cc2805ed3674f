using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;
using StreamHub.Domain.Access;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>
/// The names under which this hub may be addressed: a page of some other site that points its own name at this
/// machine (DNS rebinding) is not among them. Addresses may come and go, so an unknown one is looked for again.
/// </summary>
internal sealed partial class OwnHosts(HubSettings settings, TimeProvider timeProvider, ILogger<OwnHosts> logger)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly FrozenSet<string> names = Names(settings).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly Lock reading = new();
    private Known known = new(FrozenSet<ClientAddress>.Empty, 0);

    /// <summary>Whether the host (of a <c>Host</c> header, without its port) is this machine.</summary>
    public bool Contains(string host)
    {
        if (names.Contains(host))
        {
            return true;
        }

        var bare = host is ['[', .., ']'] ? host[1..^1] : host;
        return ClientAddress.TryParse(bare, out var address)
            && (address.IsLoopback || Volatile.Read(ref known).Addresses.Contains(address) || Reread().Contains(address));
    }

    /// <summary>The addresses of the machine's interfaces, loopback left out.</summary>
    public IReadOnlyCollection<ClientAddress> Addresses() => [.. Reread().Where(address => !address.IsLoopback)];

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

    private FrozenSet<ClientAddress> Reread()
    {
        lock (reading)
        {
            if (known.ReadAt != 0 && timeProvider.GetElapsedTime(known.ReadAt) < Freshness)
            {
                return known.Addresses;
            }

            Volatile.Write(ref known, new Known(Read(), timeProvider.GetTimestamp()));
            return known.Addresses;
        }
    }

    private FrozenSet<ClientAddress> Read()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Select(unicast => ClientAddress.From(unicast.Address))
                .ToFrozenSet();
        }
        catch (NetworkInformationException exception)
        {
            Log.Unreadable(logger, exception);
            return known.Addresses;
        }
    }

    private sealed record Known(FrozenSet<ClientAddress> Addresses, long ReadAt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The machine's addresses cannot be read.")]
        public static partial void Unreadable(ILogger logger, Exception exception);
    }
}
