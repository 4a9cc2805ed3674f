using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>What cannot be killed holds nobody up.</summary>
public sealed class RunEndingTests
{
    private static readonly ProcessIdentity Process = new(0, 0, "");

    [Fact]
    public async Task What_withstands_is_given_up_in_time_and_tried_again_by_one_loop_until_it_is_gone()
    {
        await using var hub = await FullHub.StartAsync();
        var time = new FakeTimeProvider();
        var tries = Channel.CreateUnbounded<TaskCompletionSource>();
        var host = new FailingHost(hub.Get<IProcessHost>())
        {
            Kill = cancellationToken =>
            {
                var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                tries.Writer.TryWrite(gone);
                return gone.Task.WaitAsync(cancellationToken);
            },
        };
        var ending = new RunEnding(host, hub.Get<RunStore>(), new SteadyClock(time), hub.Get<IHostApplicationLifetime>(), NullLogger<RunEnding>.Instance);

        var first = ending.EndAsync(new RunId(1), Process);
        var second = ending.EndAsync(new RunId(1), Process);
        await tries.Reader.ReadAsync(TestContext.Current.CancellationToken);
        first.IsCompleted.Should().BeFalse();
        time.Advance(RunEnding.Patience);
        (await first, await second, await ending.EndAsync(new RunId(1), Process)).Should().Be((false, false, false));
        tries.Reader.TryRead(out _).Should().BeFalse("one loop is at it");

        // The loop takes its pause on a thread of its own: the clock moves on until it has tried, and noticed that nothing withstands any more.
        Task<bool> later;
        while ((later = ending.EndAsync(new RunId(1), Process)).IsCompleted)
        {
            (await later).Should().BeFalse();
            time.Advance(RunEnding.Pause);
            LetGo();
            await Task.Yield();
        }

        // It is forgotten, so this was a beginning.
        LetGo();
        (await later).Should().BeTrue();

        void LetGo()
        {
            while (tries.Reader.TryRead(out var gone))
            {
                gone.TrySetResult();
            }
        }
    }

    [Fact]
    public void Looks_are_quick_while_something_changes_and_seldom_while_nothing_does()
    {
        var pause = new KillPause();
        Enumerable.Range(1, 100).Select(left => pause.After(left).TotalMilliseconds).ToArray().Should().AllBeEquivalentTo(10);
        Enumerable.Range(0, 24).Select(_ => pause.After(100).TotalMilliseconds).ToArray().Should().AllBeEquivalentTo(10);
        Enumerable.Range(0, 9).Select(_ => pause.After(100).TotalMilliseconds).ToArray().Should().Equal(20, 40, 80, 160, 320, 640, 1280, 2000, 2000);
        pause.After(99).Should().Be(TimeSpan.FromMilliseconds(10));
    }
}
