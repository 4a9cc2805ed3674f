using System.Threading.Channels;
using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Telemetry;

/// <summary>
/// The single stream of snapshots. A subscriber gets the latest snapshot at once and each newer one after it; a slow subscriber
/// skips snapshots and never delays the others.
/// </summary>
internal sealed class LiveFeed
{
    private readonly Lock gate = new();
    private readonly HashSet<Channel<HubSnapshot>> subscribers = [];
    private readonly Dictionary<string, SampleWindow> windows = new(StringComparer.Ordinal);
    private HubSnapshot? current;

    /// <summary>The latest snapshot; null before the first.</summary>
    public HubSnapshot? Current => Volatile.Read(ref current);

    /// <summary>The last minute of CPU samples of each instance, by key.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> CpuWindows()
    {
        lock (gate)
        {
            return windows.ToDictionary(window => window.Key, window => window.Value.Values(), StringComparer.Ordinal);
        }
    }

    /// <summary>Streams the latest snapshot and every newer one until cancelled.</summary>
    public async IAsyncEnumerable<HubSnapshot> Subscribe([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<HubSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            if (current is not null)
            {
                channel.Writer.TryWrite(current);
            }

            subscribers.Add(channel);
        }

        try
        {
            await foreach (var snapshot in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return snapshot;
            }
        }
        finally
        {
            lock (gate)
            {
                subscribers.Remove(channel);
            }
        }
    }

    /// <summary>Publishes a snapshot to all subscribers.</summary>
    public void Publish(HubSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        lock (gate)
        {
            Volatile.Write(ref current, snapshot);
            foreach (var gone in windows.Keys.Except(snapshot.Instances.Select(instance => instance.Key), StringComparer.Ordinal).ToArray())
            {
                windows.Remove(gone);
            }

            foreach (var instance in snapshot.Instances)
            {
                if (!windows.TryGetValue(instance.Key, out var window))
                {
                    windows[instance.Key] = window = new SampleWindow(SampleWindow.OneMinute);
                }

                window.Add(instance.Cpu);
            }

            foreach (var subscriber in subscribers)
            {
                subscriber.Writer.TryWrite(snapshot);
            }
        }
    }
}
