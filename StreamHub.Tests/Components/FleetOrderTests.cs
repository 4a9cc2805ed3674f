using StreamHub.Domain.Instances;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Apps.Pages;

namespace StreamHub.Tests.Components;

public sealed class FleetOrderTests
{
    private static readonly InstanceSample[] Rows =
    [
        Row("a", "Zebra", 5, 10, DateTimeOffset.UnixEpoch.AddHours(2)),
        Row("b", "Apple", 50, 30, DateTimeOffset.UnixEpoch),
        Row("c", "Mango", 5, 20, null),
    ];

    [Theory]
    [InlineData("", "Name", false, "b c a")]
    [InlineData("", "Name", true, "a c b")]
    [InlineData("", "Cpu", false, "a c b")]
    [InlineData("", "Memory", true, "b c a")]
    [InlineData("", "Uptime", true, "b a c")]
    [InlineData("", "nonsense", false, "b c a")]
    [InlineData("an", "Name", false, "c")]
    [InlineData("ZEB", "Name", false, "a")]
    public void Rows_are_filtered_and_ordered(string filter, string sort, bool descending, string expected) =>
        string.Join(' ', new AppsTableOrder(filter, sort, descending).Keys(Rows)).Should().Be(expected);

    [Fact]
    public void A_settled_table_keeps_its_places_while_rows_come_and_go()
    {
        var order = new AppsTableOrder("", "Cpu", false);
        order.Next(["b", "a"], Rows, settled: true).Should().Equal("b", "a", "c");
        order.Next(["b", "gone", "a", "c"], Rows, settled: true).Should().Equal("b", "a", "c");
        order.Next(["b", "a", "c"], Rows, settled: false).Should().Equal("a", "c", "b");
    }

    private static InstanceSample Row(string key, string name, double cpu, long memory, DateTimeOffset? started) =>
        new(key, key, name, null, InstanceStatus.Running, "n", cpu, memory, 0, started, 0, null, null, null, null);
}
