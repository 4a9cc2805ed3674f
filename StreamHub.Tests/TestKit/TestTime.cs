using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.TestKit;

/// <summary>A clock that stands still until a test lets time pass, and that tells of the timers which were set by it.</summary>
internal sealed class TestTime() : FakeTimeProvider(TimeProvider.System.GetUtcNow())
{
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> begun = new();

    /// <summary>Waits until a timer of this duration has begun: time that passes before it begins does not count for it.</summary>
    public Task BeginsAsync(TimeSpan duration) => Begun(duration).Task.WaitAsync(FullHub.Patience, System, TestContext.Current.CancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Begun(dueTime).TrySetResult();
        return timer;
    }

    private TaskCompletionSource Begun(TimeSpan duration) => begun.GetOrAdd(duration, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
