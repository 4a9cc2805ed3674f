using StreamHub.Domain.Access;

namespace StreamHub.Server.Limits;

/// <summary>Counts what clients hold at the same time. Nothing is kept of who holds nothing.</summary>
/// <param name="most">ClientCounts altogether.</param>
/// <param name="mostOfOne">ClientCounts of one address.</param>
/// <param name="mostOfStrangers">ClientCounts of strangers together.</param>
internal sealed class ClientCounts(int most, int mostOfOne, int mostOfStrangers)
{
    private readonly Lock turn = new();
    private readonly Dictionary<ClientAddress, int> ofOne = [];
    private int all;
    private int ofStrangers;

    /// <summary>How many are taken.</summary>
    public int Taken => Volatile.Read(ref all);

    /// <summary>How many addresses hold one.</summary>
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
    /// <param name="who">For whom; null for a proxy, who stands for many.</param>
    /// <param name="isStranger">Whether they are not let in.</param>
    /// <returns>Gives it back; null when there is none.</returns>
    public Place? TryTake(ClientAddress? who, bool isStranger)
    {
        lock (turn)
        {
            var own = who is { } one ? ofOne.GetValueOrDefault(one) : 0;
            if (all >= most || own >= mostOfOne || (isStranger && ofStrangers >= mostOfStrangers))
            {
                return null;
            }

            Add(who, isStranger, 1);
        }

        return new Place(this, who, isStranger);
    }

    private void Add(ClientAddress? who, bool isStranger, int change)
    {
        all += change;
        ofStrangers += isStranger ? change : 0;
        if (who is { } one && (ofOne[one] = ofOne.GetValueOrDefault(one) + change) == 0)
        {
            ofOne.Remove(one);
        }
    }

    /// <summary>One place; to be disposed once.</summary>
    public sealed class Place(ClientCounts owner, ClientAddress? who, bool isStranger) : IDisposable
    {
        public void Dispose()
        {
            lock (owner.turn)
            {
                owner.Add(who, isStranger, -1);
            }
        }
    }
}
