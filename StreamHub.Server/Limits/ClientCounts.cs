using StreamHub.Domain.Access;

namespace StreamHub.Server.Limits;

/// <summary>Counts concurrent places (connections, WebSockets) per client. Clients without a place use no memory.</summary>
/// <param name="maxUnauthenticated">The limit for all unauthenticated clients together.</param>
internal sealed class ClientCounts(int most, int maxPerAddress, int maxUnauthenticated)
{
    private readonly Lock turn = new();
    private readonly Dictionary<ClientAddress, int> ofOne = [];
    private int all;
    private int ofUnauthenticated;

    /// <summary>Places in use.</summary>
    public int Taken => Volatile.Read(ref all);

    /// <summary>Clients with at least one place.</summary>
    public int Holders
    {
        get
        {
            lock (turn)
            {
                return ofOne.Count;
            }
        }
    }

    /// <param name="client">Null for a known proxy, which stands for many clients.</param>
    /// <returns>The place, to be disposed; null when the limit is reached.</returns>
    public Place? TryTake(LimitedClient? client)
    {
        lock (turn)
        {
            var own = client is { } one ? ofOne.GetValueOrDefault(one.Address) : 0;
            if (all >= most || own >= maxPerAddress || (client is { IsUnauthenticated: true } && ofUnauthenticated >= maxUnauthenticated))
            {
                return null;
            }

            Add(client, 1);
        }

        return new Place(this, client);
    }

    private void Add(LimitedClient? client, int change)
    {
        all += change;
        if (client is not { } one)
        {
            return;
        }

        ofUnauthenticated += one.IsUnauthenticated ? change : 0;
        if ((ofOne[one.Address] = ofOne.GetValueOrDefault(one.Address) + change) == 0)
        {
            ofOne.Remove(one.Address);
        }
    }

    /// <summary>One place; to be disposed once.</summary>
    public sealed class Place(ClientCounts owner, LimitedClient? client) : IDisposable
    {
        public void Dispose()
        {
            lock (owner.turn)
            {
                owner.Add(client, -1);
            }
        }
    }
}
