using System.Reflection;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Tests.Domain.Supervision.Life;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>The whole (state, event) table: what each state becomes at each event, and what is done about it.</summary>
public sealed class LifeTableTests
{
    private static readonly string Expected = Path.Combine(AppContext.BaseDirectory, "Domain", "Supervision", "Life", "LifeTable.txt");

    [Fact]
    public void Each_state_becomes_at_each_event_what_the_table_says()
    {
        var actual = LifeTable.Write();
        var beside = Path.ChangeExtension(Expected, "actual.txt");
        File.WriteAllText(beside, actual);
        var (expected, found) = (File.ReadAllText(Expected).ReplaceLineEndings("\n").Split('\n'), actual.Split('\n'));
        found.Should().Equal(expected, $"what is so now is in {beside}; where it is meant to be so, it replaces StreamHub.Tests/Domain/Supervision/Life/LifeTable.txt");
    }

    [Fact]
    public void Each_kind_of_event_has_its_rows()
    {
        var rows = LifeStates.All.SelectMany(state => LifeEvents.Of(state.Reach())).Select(row => row.Name).ToHashSet();
        Kinds<HubEvent>().Where(kind => !rows.Any(row => row == kind || row.StartsWith($"{kind} ", StringComparison.Ordinal) || row.StartsWith($"{kind},", StringComparison.Ordinal)))
            .Should().BeEmpty("an event without a row is in no table");
    }

    [Fact]
    public void Each_kind_of_state_has_its_rows()
    {
        var states = LifeStates.All.Select(state => state.Reach().State).ToArray();
        var instances = states.SelectMany(state => state.Instances.Values).ToArray();
        instances.SelectMany(instance => instance.Runs).Select(run => run.State.GetType().Name).Distinct().Should().BeEquivalentTo(Kinds<RunState>());
        instances.Select(instance => instance.Waiting.GetType().Name).Distinct().Should().BeEquivalentTo(Kinds<Waiting>());
        instances.Select(instance => instance.Desired.GetType().Name).Distinct().Should().BeEquivalentTo(Kinds<Desired>());
        instances.Select(instance => instance.Waiting).OfType<Waiting.Queued>().Select(queued => queued.Reason).Distinct().Should().BeEquivalentTo(Enum.GetValues<QueueReason>());
        instances.Select(instance => instance.ReadyRun?.Hang?.Reason).OfType<HungReason>().Distinct().Should().BeEquivalentTo(Enum.GetValues<HungReason>());
        instances.Select(instance => instance.Status).Distinct().Should().BeEquivalentTo(Enum.GetValues<InstanceStatus>());
        states.Should().Contain(state => state.Maintenance != null).And.Contain(state => state.Phase == HubPhase.Leaving).And.Contain(state => state.Phase == HubPhase.Stopping);
    }

    private static IEnumerable<string> Kinds<T>() => typeof(T).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSubclassOf(typeof(T))).Select(type => type.Name);
}
