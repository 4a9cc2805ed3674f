using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What a hub makes of what an earlier one left.</summary>
public sealed class HubStartTests
{
    private static readonly App Warm = new(AppSlug.Parse("warm"), "Warm", new AppRuntime.Demo()) { MinRuns = 1 };
    private static readonly InstanceKey Key = new(Warm.Slug);
    private static readonly StepContext Context = new(DateTimeOffset.UnixEpoch, 0, new SupervisionLimits());

    [Fact]
    public void Who_waited_when_the_last_hub_ended_waits_in_the_same_order_before_everybody_who_comes()
    {
        var hub = new DrivenHub { Limits = new SupervisionLimits { MaxRunning = 1 } };
        var apps = "abcd".Select(letter => DrivenHub.App($"{letter}")).ToImmutableArray();
        hub.Take(new HubEvent.HubStarted(
            new HubEvent.AppsChanged(apps),
            new HubEvent.HoldsRestored(ImmutableDictionary<InstanceKey, Hold>.Empty, null),
            new HubEvent.Adopted([new AdoptedRun(DrivenHub.Key("d"), new RunId(7), DrivenHub.Process(7), DrivenHub.Begin, IsReady: true, IsEnding: false)]))
        {
            Line = [DrivenHub.Key("c"), DrivenHub.Key("gone"), DrivenHub.Key("d"), DrivenHub.Key("a")],
        });
        hub.Visit("b");
        (hub.Place("c")!.Position, hub.Place("a")!.Position, hub.Place("b")!.Position).Should().Be((1, 2, 3));
        hub.State.Line.Should().Equal(DrivenHub.Key("c"), DrivenHub.Key("a"), DrivenHub.Key("b"));
    }

    [Fact]
    public void What_is_kept_warm_is_not_started_beside_the_process_that_is_left()
    {
        var step = Start(ImmutableDictionary<InstanceKey, Hold>.Empty, Found(7, isReady: true));

        step.State.Find(Key)!.Runs.Should().ContainSingle().Which.Id.Should().Be(new RunId(7));
        step.Effects.Should().ContainSingle().Which.Should().BeOfType<HubEffect.Probe>();
    }

    [Fact]
    public void What_is_kept_warm_starts_where_nothing_is_left() =>
        Start(ImmutableDictionary<InstanceKey, Hold>.Empty).Effects.Should().ContainSingle().Which.Should().BeOfType<HubEffect.Launch>();

    [Fact]
    public void What_is_held_stays_held_and_the_process_that_is_left_is_ended()
    {
        var step = Start(ImmutableDictionary<InstanceKey, Hold>.Empty.Add(Key, new Hold("kim")), Found(7, isReady: true));

        step.State.Find(Key)!.Status.Should().Be(InstanceStatus.Stopping);
        step.Effects.Should().ContainSingle(effect => effect is HubEffect.Kill).And.NotContain(effect => effect is HubEffect.Launch);
    }

    [Fact]
    public void The_newest_that_was_ready_serves_older_ones_keep_their_sessions_and_what_was_coming_up_or_ending_goes()
    {
        var step = Start(ImmutableDictionary<InstanceKey, Hold>.Empty, Found(6, isReady: true, isEnding: true), Found(7, isReady: true), Found(8, isReady: true), Found(9, isReady: false));

        step.State.Find(Key)!.Runs.Select(run => (run.Id.Value, run.State.GetType())).Should().Equal(
            (6, typeof(RunState.Killing)), (7, typeof(RunState.Draining)), (8, typeof(RunState.Starting)), (9, typeof(RunState.Killing)));
        step.Effects.OfType<HubEffect.Kill>().Select(kill => kill.Run.Value).Should().Equal(6, 9);
        step.State.NextRun.Should().Be(new RunId(10));
    }

    [Theory]
    [InlineData(true, false, InstanceStatus.Running, true)]
    [InlineData(true, true, InstanceStatus.Stopping, false)]
    [InlineData(false, false, InstanceStatus.Starting, false)]
    public void The_end_that_nobody_saw_is_told_once_and_is_a_crash_of_what_served(bool isReady, bool isEnding, InstanceStatus from, bool isCrash)
    {
        var before = HubState.Create(new RunId(1));
        var started = new HubEvent.HubStarted(
            new HubEvent.AppsChanged([Warm]),
            new HubEvent.HoldsRestored(ImmutableDictionary<InstanceKey, Hold>.Empty, null),
            new HubEvent.Adopted([]) { Lost = [new LostRun(Key, new RunId(7), DateTimeOffset.UnixEpoch, isReady, isEnding)] });
        var at = DateTimeOffset.UnixEpoch.AddHours(1);

        var told = Transition.Between(before, started, HubMachine.Step(before, started, Context), at).Where(transition => transition.Run == new RunId(7)).ToArray();

        told.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { At = at, Instance = Key, From = from, To = InstanceStatus.Stopped, Cause = TransitionCause.HubStart, Reason = "Vanished" });
        told[0].Exit.Should().Be(isCrash ? new RunExit(new RunId(7), at, TimeSpan.FromHours(1), new ExitOutcome.Vanished()) : null);
    }

    private static HubStep Start(ImmutableDictionary<InstanceKey, Hold> holds, params ImmutableArray<AdoptedRun> found) => HubMachine.Step(
        HubState.Create(new RunId(1)),
        new HubEvent.HubStarted(new HubEvent.AppsChanged([Warm]), new HubEvent.HoldsRestored(holds, null), new HubEvent.Adopted(found)),
        Context);

    private static AdoptedRun Found(int run, bool isReady, bool isEnding = false) =>
        new(Key, new RunId(run), new RunProcess(new ProcessIdentity(run, run, "boot"), new AppEndpoint(run)), DateTimeOffset.UnixEpoch, isReady, isEnding);
}
