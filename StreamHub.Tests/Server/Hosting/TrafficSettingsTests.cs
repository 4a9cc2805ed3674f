using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Hosting;

public sealed class TrafficSettingsTests
{
    [Theory]
    [InlineData("Connections", "0", "StreamHub:Limits:Connections: '0' is not 1 or more.")]
    [InlineData("ConnectionsPerAddress", "-1", "StreamHub:Limits:ConnectionsPerAddress: '-1' is not 1 or more.")]
    [InlineData("Sockets", "10000", "StreamHub:Limits:Sockets: '10000' is not less than Limits:Connections (10000)")]
    [InlineData("SocketsPerAddress", "0", "StreamHub:Limits:SocketsPerAddress: '0' is not 1 or more.")]
    [InlineData("RequestsPerSecond", "0", "StreamHub:Limits:RequestsPerSecond: '0' is not 1 or more.")]
    [InlineData("RequestBurst", "0", "StreamHub:Limits:RequestBurst: '0' is not 1 or more.")]
    [InlineData("RefusedPerSecond", "0", "StreamHub:Limits:RefusedPerSecond: '0' is not 1 or more.")]
    [InlineData("RefusedBurst", "0", "StreamHub:Limits:RefusedBurst: '0' is not 1 or more.")]
    [InlineData("HeaderSize", "100", "StreamHub:Limits:HeaderSize: '100' is not 8192 to 1048576, in bytes.")]
    [InlineData("HeaderSize", "9999999", "StreamHub:Limits:HeaderSize: '9999999' is not 8192 to 1048576, in bytes.")]
    [InlineData("SlowestRate", "-1", "StreamHub:Limits:SlowestRate: '-1' is not 0 or more, in bytes per second.")]
    [InlineData("StallTimeout", "0s", "StreamHub:Limits:StallTimeout: '0s' is not a whole number above 0")]
    public void A_limit_that_cannot_be_used_stops_the_start_with_its_name(string key, string value, string message)
    {
        var reading = () => Read(key, value);
        reading.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle().Which.Should().StartWith(message);
    }

    [Fact]
    public void Limits_are_as_set_and_else_as_written_down()
    {
        Read("SlowestRate", "0").Should().Be(new TrafficLimits { SlowestRate = 0 });
        Read("HeaderSize", "1048576").Should().Be(new TrafficLimits { HeaderSize = 1024 * 1024 });
        Read("RequestBurst", "5").Should().Be(new TrafficLimits { RequestBurst = 5 });
    }

    private static TrafficLimits Read(string key, string value) => HubSettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new($"StreamHub:Limits:{key}", value)]).Build(), Path.GetTempPath()).Traffic;
}
