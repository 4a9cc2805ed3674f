using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Caching.Memory;
using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>Looks up the host name of an address: a hint for people, without influence on access.</summary>
internal sealed class ReverseDns : IDisposable
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 1000 });
    private readonly SemaphoreSlim lookups = new(AtOnce);

    /// <returns>Null without a name, or without a response in time; a later call may have it.</returns>
    public async Task<string?> FindAsync(ClientAddress address, CancellationToken cancellationToken)
    {
        if (!cache.TryGetValue(address, out Task<string?>? lookup) || lookup is null)
        {
            if (!await lookups.WaitAsync(TimeSpan.Zero, cancellationToken))
            {
                return null;
            }

            lookup = LookUpAsync(address);
            _ = cache.Set(address, lookup, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Memory });
        }

        try
        {
            return await lookup.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        cache.Dispose();
        lookups.Dispose();
    }

    private async Task<string?> LookUpAsync(ClientAddress address)
    {
        try
        {
            var ip = address.ToIPAddress();
            var name = (await Dns.GetHostEntryAsync(ip)).HostName;
            return name == ip.ToString() || Uri.CheckHostName(name) != UriHostNameType.Dns ? null : name;
        }
        catch (SocketException)
        {
            return null;
        }
        finally
        {
            lookups.Release();
        }
    }
}
