using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What becomes of the runs that an earlier hub left: R is ready, r not yet, lower case e stands for one that was ending.</summary>
public sealed class AdoptionTests
{
    private static readonly App Sales = DrivenHub.App("sales");
    private static readonly App Own = Sales with { Instances = InstanceMode.PerUser };

    /// <summary>What was found, oldest first, from run 5 on; what becomes of each.</summary>
    [Theory]
    [InlineData("R", "Starting")]
    [InlineData("r", "Starting")]
    [InlineData("e", "Killing")]
    [InlineData("R R", "Draining Starting")]
    [InlineData("R r", "Starting Killing")]
    [InlineData("r R", "Killing Starting")]
    [InlineData("r r", "Killing Starting")]
    [InlineData("R e", "Starting Killing")]
    [InlineData("e R", "Killing Starting")]
    [InlineData("e r", "Killing Starting")]
    [InlineData("e e", "Killing Killing")]
    [InlineData("R R r", "Draining Starting Killing")]
    [InlineData("R R R", "Draining Draining Starting")]
    [InlineData("R e r", "Starting Killing Killing")]
    public void What_served_serves_on_and_nothing_that_was_ending_comes_back(string found, string becomes)
    {
        var hub = Start([Sales], found);
        hub.Find("sales").Runs.Select(run => run.State.GetType().Name).Should().Equal(becomes.Split(' '));
        hub.Effects.OfType<HubEffect.Kill>().Select(kill => kill.Run.Value).Should().Equal(hub.Find("sales").Runs.Where(run => run.IsEnding).Select(run => run.Id.Value));
        hub.Effects.OfType<HubEffect.Probe>().Should().HaveSameCount(hub.Find("sales").Runs, "each is watched to its end");
        hub.Find("sales").Desired.Should().BeOfType(found.Contains('r', StringComparison.OrdinalIgnoreCase) ? typeof(Desired.On) : typeof(Desired.Off));
        hub.State.NextRun.Should().Be(new RunId(5 + found.Split(' ').Length));
    }

    [Theory]
    [InlineData("held")]
    [InlineData("maintenance")]
    [InlineData("for each user")]
    public void What_may_not_run_any_more_is_ended(string why)
    {
        var hold = new Hold("lee");
        var hub = new DrivenHub();
        hub.Take(new HubEvent.HubStarted(
            new HubEvent.AppsChanged([why == "for each user" ? Own : Sales]),
            new HubEvent.HoldsRestored(why == "held" ? Holds.Add(DrivenHub.Key("sales"), hold) : Holds, why == "maintenance" ? hold : null),
            new HubEvent.Adopted([Found("sales", 5, 'R')])));
        hub.Effects.Should().ContainSingle(effect => effect is HubEffect.Kill).And.NotContain(effect => effect is HubEffect.Launch);
        hub.State.Runs.Should().OnlyContain(owned => owned.Run.IsEnding);
        hub.State.NextRun.Should().Be(new RunId(6));
    }

    [Fact]
    public void Each_user_gets_their_own_back()
    {
        var hub = new DrivenHub();
        hub.Take(new HubEvent.HubStarted(
            new HubEvent.AppsChanged([Own]), new HubEvent.HoldsRestored(Holds, null),
            new HubEvent.Adopted([Found("sales@lee", 6, 'R'), Found("sales@kim", 5, 'R'), Found("sales@lee", 4, 'R')])));
        hub.State.Runs.Select(owned => (owned.Instance.Key.ToString(), owned.Run.Id.Value, owned.Run.State.GetType().Name)).Should().Equal(
            ("sales@kim", 5, "Starting"), ("sales@lee", 4, "Draining"), ("sales@lee", 6, "Starting"));
    }

    [Theory]
    [InlineData("r", 60)]
    [InlineData("R", 300)]
    public void It_proves_itself_like_a_fresh_run_and_one_that_was_ready_may_be_busy(string state, int seconds)
    {
        var hub = Start([Sales], state);
        hub.Wait(seconds - 1);
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
        hub.Wait(1);
        hub.Effects.Should().Equal(new HubEffect.Kill(new RunId(5), DrivenHub.Process(5)));
        hub.Exit(5);
        hub.Status("sales").Should().Be(InstanceStatus.Backoff);
    }

    [Fact]
    public void Its_age_counts_from_its_launch_and_its_use_from_now()
    {
        var hub = Start([Sales], "R");
        var run = hub.Find("sales").Runs[0];
        (run.Created, run.LastUsed, run.Process, run.Launched).Should().Be((DrivenHub.Begin.AddDays(-1), DrivenHub.Begin, DrivenHub.Process(5), (DateTimeOffset?)null));
        hub.Exit(5);
        hub.Find("sales").LastExit!.Lived.Should().Be(TimeSpan.FromDays(1));
    }

    [Fact]
    public void Sessions_of_a_run_that_drained_have_time_to_come_back_and_then_what_is_left_of_it()
    {
        var hub = Start([Sales], "R R");
        hub.Wait(29);
        hub.Open(5);
        hub.Take(new HubEvent.BecameReady(new RunId(6)));
        hub.Wait(570);
        hub.Find("sales").Runs[0].State.Should().BeOfType<RunState.Draining>();
        hub.Wait(1);
        hub.Effects.Should().Equal(new HubEffect.Terminate(new RunId(5), DrivenHub.Process(5)));

        var alone = Start([Sales], "R R");
        alone.Wait(30);
        alone.Effects.Should().Equal(new HubEffect.Terminate(new RunId(5), DrivenHub.Process(5)));
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(-60, 0)]
    [InlineData(6000, 600)]
    public void A_run_that_drained_keeps_what_it_was_given_and_its_people_are_told_the_same(int written, int left)
    {
        var hub = new DrivenHub();
        hub.Take(new HubEvent.HubStarted(
            new HubEvent.AppsChanged([Sales]), new HubEvent.HoldsRestored(Holds, null),
            new HubEvent.Adopted([Found("sales", 5, 'R') with { DrainUntil = DrivenHub.Begin.AddSeconds(written), DrainWhy = "new figures" }, Found("sales", 6, 'R')])));
        var (run, over) = (hub.Find("sales").Runs[0], left == 0);
        (run.State as RunState.Draining).Should().Be(over ? null : new RunState.Draining(DrivenHub.Begin.AddSeconds(left), "new figures"));
        run.IsEnding.Should().Be(over);
        hub.Effects.OfType<HubEffect.Drain>().Should().BeEmpty("it is written down already");
    }

    [Fact]
    public void A_run_that_had_no_end_yet_is_given_one_that_outlasts_the_next_restart()
    {
        var hub = Start([Sales], "R R");
        hub.Effects.OfType<HubEffect.Drain>().Should().Equal(new HubEffect.Drain(new RunId(5), DrivenHub.Begin.Add(hub.Limits.DrainTimeout), null));
    }

    [Fact]
    public void A_run_that_the_hub_knows_is_not_found_twice_and_an_old_number_is_not_given_again()
    {
        var hub = new DrivenHub(Sales);
        hub.Run("sales", 1);
        hub.Take(new HubEvent.Adopted([Found("sales", 1, 'R')]));
        (hub.Find("sales").Runs.Length, hub.Effects.Length).Should().Be((1, 0));
        hub.Restart("sales");
        hub.Take(new HubEvent.Adopted([Found("gone", 1, 'R')]));
        hub.State.NextRun.Should().Be(new RunId(3));
    }

    private static ImmutableDictionary<InstanceKey, Hold> Holds => ImmutableDictionary<InstanceKey, Hold>.Empty;

    private static DrivenHub Start(ImmutableArray<App> apps, string found)
    {
        var hub = new DrivenHub();
        hub.Take(new HubEvent.HubStarted(
            new HubEvent.AppsChanged(apps), new HubEvent.HoldsRestored(Holds, null),
            new HubEvent.Adopted([.. found.Split(' ').Select((kind, index) => Found("sales", 5 + index, kind[0]))])));
        return hub;
    }

    private static AdoptedRun Found(string instance, long run, char kind) =>
        new(DrivenHub.Key(instance), new RunId(run), DrivenHub.Process(run), DrivenHub.Begin.AddDays(-1), IsReady: kind != 'r', IsEnding: kind == 'e');
}
