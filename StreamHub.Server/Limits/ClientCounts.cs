using StreamHub.Domain.Access;

namespace StreamHub.Server.Limits;

/// <summary>Counts what clients hold at the same time. Nothing is kept of clients that hold nothing.</summary>
/// <param name="mostOfUnauthenticated">Places of all unauthenticated clients together.</param>
internal sealed class ClientCounts(int most, int mostOfOne, int mostOfUnauthenticated)
{
    private readonly Lock turn = new();
    private readonly Dictionary<ClientAddress, int> ofOne = [];
    private int all;
    private int ofUnauthenticated;

    /// <summary>How many are taken.</summary>
    public int Taken => Volatile.Read(ref all);

    /// <summary>How many clients hold one.</summary>
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

    /// <summary>Takes a place.</summary>
    /// <param name="client">Null for a known proxy, which stands for many clients.</param>
    /// <returns>Gives it back; null when there is none.</returns>
    public Place? TryTake(LimitedClient? client)
    {
        lock (turn)
        {
            var own = client is { } one ? ofOne.GetValueOrDefault(one.Address) : 0;
            if (all >= most || own >= mostOfOne || (client is { IsUnauthenticated: true } && ofUnauthenticated >= mostOfUnauthenticated))
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
