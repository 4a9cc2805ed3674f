using CsCheck;
using StreamHub.Domain.Apps;

namespace StreamHub.Tests.Domain.Apps;

public sealed class WebOriginTests
{
    [Theory]
    [InlineData("https://intranet.example", "https://intranet.example")]
    [InlineData("https://intranet.example/", "https://intranet.example")]
    [InlineData("HTTPS://Intranet.Example", "https://intranet.example")]
    [InlineData("https://intranet.example:443", "https://intranet.example")]
    [InlineData("http://intranet.example:80", "http://intranet.example")]
    [InlineData("http://intranet.example:443", "http://intranet.example:443")]
    [InlineData("http://box:8080", "http://box:8080")]
    [InlineData("http://10.1.2.3:65535", "http://10.1.2.3:65535")]
    [InlineData("https://xn--9d0b.example", "https://xn--9d0b.example")]
    [InlineData("https://*.teams.microsoft.com", "https://*.teams.microsoft.com")]
    [InlineData("https://*.cloud.microsoft:8443", "https://*.cloud.microsoft:8443")]
    public void An_origin_is_read_and_written_as_browsers_do(string text, string canonical)
    {
        WebOrigin.TryParse(text, out var origin).Should().BeTrue();
        origin.ToString().Should().Be(canonical);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("'self'")]
    [InlineData("intranet.example")]
    [InlineData("//intranet.example")]
    [InlineData("https:")]
    [InlineData("https://")]
    [InlineData("https:///")]
    [InlineData("ftp://intranet.example")]
    [InlineData("javascript://intranet.example")]
    [InlineData("https://intranet.example/path")]
    [InlineData("https://intranet.example//")]
    [InlineData("https://intranet.example?q")]
    [InlineData("https://intranet.example#f")]
    [InlineData("https://kim@intranet.example")]
    [InlineData("https://kim:pw@intranet.example")]
    [InlineData("https://intranet.example:")]
    [InlineData("https://intranet.example:0")]
    [InlineData("https://intranet.example:080")]
    [InlineData("https://intranet.example:65536")]
    [InlineData("https://intranet.example:99999999999")]
    [InlineData("https://intranet.example:*")]
    [InlineData("https://intranet..example")]
    [InlineData("https://.example")]
    [InlineData("https://intranet.example.")]
    [InlineData("https://-intranet.example")]
    [InlineData("https://intranet-.example")]
    [InlineData("https://*")]
    [InlineData("https://*.example")]
    [InlineData("https://*.")]
    [InlineData("https://*.*.example")]
    [InlineData("https://in*.intranet.example")]
    [InlineData("https://intranet.*.example")]
    [InlineData("https://인트라넷.example")]
    [InlineData("http://[::1]:8080")]
    [InlineData(" https://intranet.example")]
    [InlineData("https://intranet.example ")]
    [InlineData("https://intranet.example\n")]
    [InlineData("https://a.example https://b.example")]
    [InlineData("https://a.example;script-src")]
    [InlineData("https://a.example,b")]
    public void What_is_no_origin_of_a_site_is_refused(string? text)
    {
        WebOrigin.TryParse(text, out var origin).Should().BeFalse();
        origin.ToString().Should().BeEmpty();
    }

    [Fact]
    public void Whatever_is_accepted_is_one_word_of_a_policy_and_read_again_as_it_is_written() =>
        Gen.Char["htps:/*.-_aZ09 ;,'\"\n@#?"].Array[0, 40].Select(characters => "https://" + new string(characters)).Sample(text =>
            !WebOrigin.TryParse(text, out var origin)
            || (!origin.ToString().Any(" ;,'\"\n@#?".Contains) && WebOrigin.TryParse(origin.ToString(), out var again) && again == origin));
}
