namespace StreamHub.Tests.TestKit;

public sealed class PortRangeTests
{
    [Fact]
    public void No_two_hubs_share_a_port()
    {
        using var one = PortRange.Reserve();
        using var other = PortRange.Reserve();
        (one.Last < other.First || other.Last < one.First).Should().BeTrue($"{one} and {other}");
    }
}
