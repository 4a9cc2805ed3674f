using StreamHub.Domain.Supervision;
using StreamHub.Tests.Domain.Supervision.Life;
using StreamHub.Tests.Domain.Supervision.Simulation;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>Which visits are told to the supervisor.</summary>
public sealed class DemandTests
{
    public static TheoryData<string> States { get; } = [.. LifeStates.All.Select(state => state.Name)];

    [Theory]
    [MemberData(nameof(States))]
    public void A_visit_is_awaited_where_it_changes_something(string name)
    {
        var hub = LifeStates.All.Single(state => state.Name == name).Reach();
        var key = DrivenHub.Key("sales");
        var visited = HubMachine.Step(hub.State, new HubEvent.Requested(key), hub.Context).State.Find(key);
        var passed = HubMachine.Step(hub.State, HubEvent.Tick.Instance, hub.Context).State.Find(key);

        // Whether an unknown instance is one of an app that is being registered is not known here.
        (hub.State.AwaitsVisit(key) && hub.State.Find(key) is not null).Should().Be(!InstanceContent.Instance.Equals(visited, passed));
    }

    [Fact]
    public void That_an_instance_was_used_is_not_seen_and_a_session_is()
    {
        var hub = new DrivenHub(DrivenHub.App("sales"));
        hub.Run("sales", 1);
        var before = hub.Find("sales");
        hub.Now += TimeSpan.FromSeconds(1);
        hub.Use(1);
        hub.Find("sales").Should().NotBe(before);
        hub.Find("sales").ShowsSameAs(before).Should().BeTrue();
        hub.Open(1);
        hub.Find("sales").ShowsSameAs(before).Should().BeFalse();
        hub.Find("sales").ShowsSameAs(null).Should().BeFalse();
    }

    [Theory]
    [InlineData(1800, 15)]
    [InlineData(60, 6)]
    [InlineData(0, 15)]
    public void Use_is_told_late_by_a_tenth_of_the_idle_time_at_most(int idle, int interval) => Idleness.UseInterval(
        new StreamHub.Domain.Instances.Instance(DrivenHub.Key("sales"), DrivenHub.App("sales")), new SupervisionLimits { IdleTimeout = TimeSpan.FromSeconds(idle) })
        .Should().Be(TimeSpan.FromSeconds(interval));
}
