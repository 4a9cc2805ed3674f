using System.Runtime.CompilerServices;

namespace StreamHub.Tests.TestKit;

/// <summary>Waits for what nothing tells of.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within two minutes, or another time: a deadline for failures, not a bound on speed.</exception>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null, TimeSpan? patience = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, patience);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string?, TimeSpan?)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? what = null, TimeSpan? patience = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (patience ?? Usual))
            {
                throw new TimeoutException($"It did not come true: {what}");
            }

            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
