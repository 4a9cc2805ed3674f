using StreamHub.Server.Http;

namespace StreamHub.Tests.Server.Gateway;

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
    [InlineData("/app/demo/../other/", "../other/")]
    [InlineData("/app/demo/./x", "./x")]
    [InlineData("/app/demo/%2e%2e/other/", "../other/")]
    [InlineData("/app/demo/..%2fother/", "../other/")]
    [InlineData("/app/demo/..\\other/", "..\\other/")]
    [InlineData("/app/demo//host/x", "/host/x")]
    [InlineData("/app/demo/;x", ";x")]
    [InlineData("/app/demo/a%0d%0ab", "a\r\nb")]
    [InlineData("/app/demo/%252e%252e/other/", "%2e%2e/other/")]
    [InlineData("/app/demo/%c0%af", "\ufffd\ufffd")]
    [InlineData("/app/demo/%ff", "\ufffd")]
    [InlineData("/app/demo/%", "%")]
    [InlineData("/app/demo/%zz?x", "%zz")]
    public void What_follows_the_slug_is_kept_as_it_is_however_it_could_be_read(string target, string rest)
    {
        RequestTarget.TryRead(target, out var read).Should().BeTrue();
        AppPath.TryRead(read!, out var path).Should().BeTrue();
        (path!.Slug.ToString(), path.Raw + path.Query, path.Rest, path.IsPlain).Should().Be(("demo", target, rest, false));
    }

    [Theory]
    [InlineData("_stcore/metrics", true)]
    [InlineData("%5fstcore/%6detrics", true)]
    [InlineData("_stcore//metrics", true)]
    [InlineData("//_stcore/metrics", true)]
    [InlineData("_stcore%2fmetrics", true)]
    [InlineData("_stcore%252fmetrics", true)]
    [InlineData("_stcore\\metrics", true)]
    [InlineData("x/../_stcore/./metrics", true)]
    [InlineData("..%2f_stcore/metrics", true)]
    [InlineData("_stcore;a=b/metrics;c", true)]
    [InlineData("_stcore/%2e/metrics/", true)]
    [InlineData("_stcore/metricsx//", false)]
    [InlineData("x/_stcore/metrics//", false)]
    public void A_path_that_some_program_takes_for_a_closed_one_is_found_in_every_spelling(string rest, bool expected)
    {
        RequestTarget.TryRead("/app/demo/" + rest, out var read).Should().BeTrue();
        AppPath.TryRead(read!, out var path).Should().BeTrue();
        path!.MayMean("_stcore/metrics").Should().Be(expected);
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
    [InlineData("/app/../app/other/")]
    [InlineData("/app/demo%2f..%2fother/")]
    [InlineData("/app/demo%2Fother/")]
    [InlineData("/app\\demo\\")]
    [InlineData("/app//other/")]
    [InlineData("//app/demo/")]
    [InlineData("/app/demo;x/")]
    [InlineData("/open/demo/../other/")]
    [InlineData("/open/demo/%2e%2E/other/")]
    [InlineData("/open/demo/a\\b")]
    [InlineData("/other/../app/demo/")]
    [InlineData("/other//x")]
    [InlineData("/other/%2f")]
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
    public void Before_the_slug_and_elsewhere_a_spelling_that_could_be_read_twice_is_refused(string target) =>
        RequestTarget.TryRead(target, out _).Should().BeFalse();

    [Theory]
    [InlineData("/open/demo/a%2Fb")]
    [InlineData("/open/demo/a//b;c")]
    [InlineData("/open/demo/%ff%25")]
    public void The_frame_has_the_addresses_of_its_app(string target)
    {
        RequestTarget.TryRead(target, out var read).Should().BeTrue();
        AppPath.TryRead(read!, out var path, RequestTarget.ShellPrefix).Should().BeTrue();
        path!.Raw.Should().Be("/app/" + target["/open/".Length..]);
    }

    [Fact]
    public void The_admin_listener_has_no_apps() => RequestTarget.TryRead("/app/demo/../x", out _, holdsNames: true).Should().BeFalse();

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
