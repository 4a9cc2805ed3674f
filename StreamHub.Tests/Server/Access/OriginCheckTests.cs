using StreamHub.Server.Checks;

namespace StreamHub.Tests.Server.Access;

public sealed class OriginCheckTests
{
    [Theory]
    [InlineData("http://hub", "http", "hub", true)]
    [InlineData("http://hub:80", "http", "hub", true)]
    [InlineData("http://hub", "http", "hub:80", true)]
    [InlineData("https://hub", "https", "hub:443", true)]
    [InlineData("http://hub:8080", "http", "HUB:8080", true)]
    [InlineData("http://[::1]:8080", "http", "[::1]:8080", true)]
    [InlineData("https://hub", "http", "hub", false)]
    [InlineData("http://hub", "https", "hub", false)]
    [InlineData("https://hub", "http", "hub:443", false)]
    [InlineData("http://hub:8081", "http", "hub:8080", false)]
    [InlineData("http://hub:443", "https", "hub", false)]
    [InlineData("http://hub.evil", "http", "hub", false)]
    [InlineData("http://hub.", "http", "hub", false)]
    [InlineData("http://evil@hub", "http", "hub", false)]
    [InlineData("http://hub/", "http", "hub", false)]
    [InlineData("http://hub:", "http", "hub", false)]
    [InlineData("http://hub:x", "http", "hub", false)]
    [InlineData("http://", "http", "", false)]
    [InlineData("http:/hub", "http", "hub", false)]
    [InlineData("null", "http", "hub", false)]
    [InlineData("", "http", "hub", false)]
    [InlineData("ftp://hub", "http", "hub", false)]
    public void Origin_has_to_be_the_host_that_was_asked(string origin, string scheme, string host, bool same) =>
        OriginCheck.Matches(origin, scheme, host).Should().Be(same);
}
