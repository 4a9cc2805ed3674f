using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>What comes into the mailbox, and whom a step wakes.</summary>
public sealed class MailboxTests : IAsyncLifetime
{
    private static readonly App Sales = new(AppSlug.Parse("sales"), "Sales", new AppRuntime.Demo());
    private static readonly App Other = new(AppSlug.Parse("other"), "Other", new AppRuntime.Demo());
    private static readonly InstanceKey Key = new(Sales.Slug);
    private static readonly InstanceKey OtherKey = new(Other.Slug);

    private readonly string directory = Directory.CreateTempSubdirectory("streamhub-test-").FullName;
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private Supervisor supervisor = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var settings = new HubSettings(directory, new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 8081), [], [], "python3", 18500, 18999, new());
        supervisor = new Supervisor(settings, new SteadyClock(time), new RunStore(settings), new MemoryGauge(), new NoEffects(), NullLogger<Supervisor>.Instance);
        supervisor.Post(new HubEvent.AppsChanged([Sales, Other]));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await supervisor.StopAsync(CancellationToken.None);
        supervisor.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_burst_of_visits_is_one_event_and_none_where_nothing_comes_of_it()
    {
        // Nobody reads yet, as on a machine that is busy.
        Enumerable.Range(0, 20_000).Count(_ => supervisor.Visit(Key)).Should().Be(1);
        Enumerable.Range(0, 1_000).Count(_ => supervisor.PostOnce(new HubEvent.RetryRequested(Key))).Should().Be(1);
        await supervisor.StartAsync(Cancellation);
        await supervisor.AskAsync(HubEvent.Tick.Instance);

        supervisor.State.Find(Key)!.StartingRun.Should().NotBeNull();
        Enumerable.Range(0, 1_000).Count(_ => supervisor.Visit(Key)).Should().Be(0, "it comes up already");
        supervisor.PostOnce(new HubEvent.RetryRequested(Key)).Should().BeTrue("what was read can be said again");
    }

    [Fact]
    public async Task Who_asks_learns_what_the_very_step_did_that_took_it_in()
    {
        supervisor.Post(new HubEvent.Requested(Key));
        var restart = supervisor.AskAsync(new HubEvent.RestartRequested(Key, Drain: false, null, "kim"));
        supervisor.Post(new HubEvent.MaintenanceBegun(new Hold("kim")));
        supervisor.Post(new HubEvent.SessionOpened(new RunId(1)));
        var late = supervisor.AskAsync(new HubEvent.RestartRequested(Key, Drain: false, null, "kim"));
        await supervisor.StartAsync(Cancellation);

        var (before, after) = await restart;
        before.Find(Key)!.StartingRun.Should().NotBeNull("the visit came before");
        after.Find(Key)!.Runs.Should().ContainSingle().Which.State.Should().BeOfType<RunState.Stopping>().Which.Reason.Should().Be(StopReason.Restarted);
        var (unmoved, same) = await late;
        same.Find(Key).Should().BeSameAs(unmoved.Find(Key), "the hub is in maintenance, whatever happened to the instance meanwhile");
    }

    [Fact]
    public async Task A_step_wakes_those_who_watch_what_it_changed()
    {
        await supervisor.StartAsync(Cancellation);
        await supervisor.AskAsync(HubEvent.Tick.Instance);
        var (own, other) = (supervisor.NextChange(Key), supervisor.NextChange(OtherKey));
        await supervisor.AskAsync(new HubEvent.Requested(Key));
        await own.WaitAsync(Cancellation);
        other.IsCompleted.Should().BeFalse();

        own = supervisor.NextChange(Key);
        time.Advance(TimeSpan.FromSeconds(1));
        await supervisor.AskAsync(new HubEvent.Used(new RunId(1), IsPerson: true));
        own.IsCompleted.Should().BeFalse("when it was last used is not shown");

        await supervisor.AskAsync(new HubEvent.MaintenanceBegun(new Hold("kim")));
        await Task.WhenAll(own, other).WaitAsync(Cancellation);
    }
}
