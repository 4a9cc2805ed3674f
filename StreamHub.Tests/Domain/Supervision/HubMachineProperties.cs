using CsCheck;
using StreamHub.Domain.Supervision;
using StreamHub.Tests.Domain.Supervision.Simulation;

namespace StreamHub.Tests.Domain.Supervision;

public sealed class HubMachineProperties
{
    /// <summary>The command <c>histories COUNT</c> plays as many as are wanted.</summary>
    private const int Count = 20_000;

    /// <summary>Lines of a history that a person reads through at once.</summary>
    private const int Short = 30;

    public static TheoryData<string> Rules => [.. BrokenMachines.All.Keys];

    [Fact]
    public void Any_history_keeps_the_rules_and_ends_when_nobody_wants_anything() => new Histories(HubMachine.Step).Hold(Count);

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_machine_that_breaks_a_rule_is_found_and_the_shortest_history_is_told(string rule)
    {
        var told = new Histories(BrokenMachines.All[rule]).Find(rule, 20_000);
        told.Should().EndWith($"Broken: {rule}.");
        told!.Split('\n').Should().HaveCountLessThan(Short, told);
    }

    [Fact]
    public void A_test_of_a_broken_machine_fails_with_its_shortest_history()
    {
        const string rule = "an instance has one Ready run at most";
        var test = () => new Histories(BrokenMachines.All[rule]).Hold(5_000);
        var told = test.Should().Throw<CsCheckException>().Which.Message;
        told.Should().EndWith($"Broken: {rule}.");
        told.Split('\n').Should().HaveCountLessThan(Short, told);
    }
}
