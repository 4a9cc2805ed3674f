using System.Threading.RateLimiting;
using StreamHub.Domain.Access;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Limits;

/// <summary>A bucket of tokens for each client address, refilled ten times a second and forgotten when it is full again.</summary>
internal sealed class RequestBuckets : IDisposable
{
    private const int RefillsPerSecond = 10;

    private readonly PartitionedRateLimiter<(ClientAddress Who, bool IsStranger)> limiter;

    public RequestBuckets(HubSettings settings)
    {
        var traffic = settings.Traffic;
        var (everybody, strangers) = (Bucket(traffic.RequestsPerSecond, traffic.RequestBurst), Bucket(traffic.RefusedPerSecond, traffic.RefusedBurst));
        Func<(ClientAddress Who, bool IsStranger), RateLimiter> make = asker => new TokenBucketRateLimiter(asker.IsStranger ? strangers : everybody);
        limiter = PartitionedRateLimiter.Create<(ClientAddress Who, bool IsStranger), (ClientAddress Who, bool IsStranger)>(asker => RateLimitPartition.Get(asker, make));
    }

    /// <summary>Takes a token for a request.</summary>
    /// <param name="asker">Whose request.</param>
    /// <param name="wait">Whole seconds, at least 1, after which there is a token again; 0 when there was one.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake((ClientAddress Who, bool IsStranger) asker, out int wait)
    {
        using var lease = limiter.AttemptAcquire(asker);
        wait = lease.IsAcquired ? 0 : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? (int)Math.Max(1, Math.Ceiling(after.TotalSeconds)) : 1;
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    // Rates are whole tokens for each refill, so slow ones are refilled less often instead.
    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = Math.Max(1, perSecond / RefillsPerSecond),
        ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1.0 / RefillsPerSecond, 1.0 / perSecond)),
        AutoReplenishment = false,
    };
}
