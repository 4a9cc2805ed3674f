using System.Threading.RateLimiting;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Limits;

/// <summary>A token bucket for each client, refilled ten times a second and removed when it is full again.</summary>
internal sealed class RequestBuckets : IDisposable
{
    private const int RefillsPerSecond = 10;

    private readonly PartitionedRateLimiter<LimitedClient> limiter;

    public RequestBuckets(HubSettings settings)
    {
        var traffic = settings.Traffic;
        var (authenticated, unauthenticated) = (Bucket(traffic.RequestsPerSecond, traffic.RequestBurst), Bucket(traffic.RefusedPerSecond, traffic.RefusedBurst));
        Func<LimitedClient, RateLimiter> make = client => new TokenBucketRateLimiter(client.IsUnauthenticated ? unauthenticated : authenticated);
        limiter = PartitionedRateLimiter.Create<LimitedClient, LimitedClient>(client => RateLimitPartition.Get(client, make));
    }

    /// <summary>Takes a token for a request; otherwise returns the whole seconds, at least 1, until the next token.</summary>
    public bool TryTake(LimitedClient client, out int wait)
    {
        using var lease = limiter.AttemptAcquire(client);
        wait = lease.IsAcquired ? 0 : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? (int)Math.Max(1, Math.Ceiling(after.TotalSeconds)) : 1;
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    // The limiter adds whole tokens per refill, so low rates use a longer refill period.
    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = Math.Max(1, perSecond / RefillsPerSecond),
        ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1.0 / RefillsPerSecond, 1.0 / perSecond)),
        AutoReplenishment = false,
    };
}
