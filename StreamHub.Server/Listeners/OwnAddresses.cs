using System.Collections.Frozen;
using System.Net.NetworkInformation;
using StreamHub.Domain.Access;

namespace StreamHub.Server.Listeners;

/// <summary>The addresses of this machine. They may change, so that an unknown address triggers a new query.</summary>
internal sealed partial class OwnAddresses(TimeProvider timeProvider, ILogger<OwnAddresses> logger)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly Lock reading = new();
    private Known known = new(FrozenSet<ClientAddress>.Empty, 0);

    /// <summary>Whether an address is this machine's; new addresses are detected within 30 seconds.</summary>
    public bool Contains(ClientAddress address) =>
        address.IsLoopback || Volatile.Read(ref known).Addresses.Contains(address) || Reread().Contains(address);

    /// <summary>The addresses of the machine's interfaces, without loopback.</summary>
    public IReadOnlyCollection<ClientAddress> OfInterfaces() => [.. Reread().Where(address => !address.IsLoopback)];

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
        [LoggerMessage(1205, LogLevel.Warning, "The machine's addresses cannot be read.")]
        public static partial void Unreadable(ILogger logger, Exception exception);
    }
}
