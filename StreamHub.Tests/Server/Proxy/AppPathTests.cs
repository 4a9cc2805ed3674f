using StreamHub.Server.Http;

namespace StreamHub.Tests.Server.Proxy;

public sealed class AppPathTests
{
    [Theory]
    [InlineData("/app/demo/", "", "")]
    [InlineData("/app/demo/?a=/../b&c=%2f", "", "?a=/../b&c=%2f")]
    [InlineData("/app/demo/_stcore/health", "_stcore/health", "")]
    [InlineData("/app/demo/%ED%95%9C%EA%B8%80", "한글", "")]
    [InlineData("/app/demo/a%20b", "a b", "")]
    [InlineData("/app/demo/100%25", "100%", "")]
    [InlineData("/app/demo/a..b/...", "a..b/...", "")]
    [InlineData("/app/demo/page/", "page/", "")]
    public void Plain_spelling_is_read(string target, string rest, string query)
    {
        RequestTarget.TryRead(target, out var read).Should().BeTrue();
        AppPath.TryRead(read!, out var path).Should().BeTrue();
        path!.Slug.ToString().Should().Be("demo");
        path.Rest.Should().Be(rest);
        path.Query.Should().Be(query);
    }

    [Theory]
    [InlineData("demo/", "demo/")]
    [InlineData("demo", "demo/")]
    [InlineData("demo?q=5", "demo/?q=5")]
    [InlineData("demo/second?q=5&r=%2f", "demo/second?q=5&r=%2f")]
    [InlineData("demo/%ED%95%9C%EA%B8%80", "demo/%ED%95%9C%EA%B8%80")]
    [InlineData("demo/open/app/", "demo/open/app/")]
    public void The_addresses_of_an_app_and_of_its_frame_lead_to_each_other(string rest, string expected)
    {
        foreach (var prefix in (string[])[RequestTarget.AppPrefix, RequestTarget.ShellPrefix])
        {
            RequestTarget.TryRead(prefix + rest, out var read).Should().BeTrue();
            AppPath.TryRead(read!, out var path, prefix).Should().BeTrue();
            path!.Bare.Should().Be($"/app/{expected}");
            path.Framed.Should().Be($"/open/{expected}");
        }
    }

    [Theory]
    [InlineData("/app/demo/../other/")]
    [InlineData("/app/demo/./x")]
    [InlineData("/app/demo/..")]
    [InlineData("/app/../app/other/")]
    [InlineData("/app/demo/%2e%2e/other/")]
    [InlineData("/app/demo/%2E%2e/other/")]
    [InlineData("/app/demo/.%2e/other/")]
    [InlineData("/app/demo/%2e/")]
    [InlineData("/app/demo/..%2fother/")]
    [InlineData("/app/demo%2f..%2fother/")]
    [InlineData("/app/demo%2Fother/")]
    [InlineData("/app/demo/..%5cother/")]
    [InlineData("/app/demo/..\\other/")]
    [InlineData("/app\\demo\\")]
    [InlineData("/app/demo/%5c%5chost%5cx")]
    [InlineData("/app//other/")]
    [InlineData("//app/demo/")]
    [InlineData("/app/demo//host/x")]
    [InlineData("/app/demo//")]
    [InlineData("/app/demo/;x")]
    [InlineData("/app/demo;x/")]
    [InlineData("/app/demo/..;/other/")]
    [InlineData("/app/demo/%3b")]
    [InlineData("/app/demo/%00")]
    [InlineData("/app/demo/a%0d%0ab")]
    [InlineData("/app/demo/%7f")]
    [InlineData("/app/demo/%252e%252e/other/")]
    [InlineData("/app/demo/%252fother")]
    [InlineData("/app/demo/%c0%ae%c0%ae/other/")]
    [InlineData("/app/demo/%c0%af")]
    [InlineData("/app/demo/%ff")]
    [InlineData("/app/demo/%ed%a0%80")]
    [InlineData("/app/demo/%")]
    [InlineData("/app/demo/%2")]
    [InlineData("/app/demo/%zz")]
    [InlineData("/app/demo/%u002e")]
    [InlineData("/app/demo/ x")]
    [InlineData("/app/demo/\t")]
    [InlineData("/app/demo/#x")]
    [InlineData("/app/demo/?x#y")]
    [InlineData("/app/demo/?x\u0001")]
    [InlineData("/app/demo/한글")]
    [InlineData("http://host/app/demo//x")]
    [InlineData("http://host/app/demo/")]
    [InlineData("*")]
    [InlineData("demo:80")]
    public void Spelling_that_could_be_read_twice_is_refused(string target) =>
        RequestTarget.TryRead(target, out _).Should().BeFalse();

    [Theory]
    [InlineData("/app")]
    [InlineData("/app/")]
    [InlineData("/app/_stcore/health")]
    [InlineData("/app/Demo/")]
    [InlineData("/APP/demo/")]
    [InlineData("/App/demo/")]
    [InlineData("/app/%64emo/")]
    [InlineData("/app/demo%20/")]
    [InlineData("/app/demo./")]
    [InlineData("/app/de_mo/")]
    [InlineData("/app/demo:80/")]
    [InlineData("/app/demo@other/")]
    [InlineData("/app/demo,other/")]
    [InlineData("/apps/demo/")]
    [InlineData("/app-demo/")]
    public void Address_of_no_app_is_not_found(string target)
    {
        RequestTarget.TryRead(target, out var read).Should().BeTrue();
        AppPath.TryRead(read!, out _).Should().BeFalse();
    }
}
