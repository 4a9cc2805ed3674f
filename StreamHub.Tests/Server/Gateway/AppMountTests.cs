using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Entries;
using StreamHub.Server.Gateway;
using StreamHub.Server.Runtimes;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>How the addresses of an app and those of its visitors correspond, with and without the prefix.</summary>
public sealed class AppMountTests
{
    private const string Hub = "http://hub:8080";

    [Theory]
    [InlineData("http://127.0.0.1:18500/app/sales/there?x=1#y", "/app/sales/there?x=1#y")]
    [InlineData("http://127.0.0.1:18500", "/")]
    [InlineData("http://127.0.0.1:18500?x", "/?x")]
    [InlineData("HTTP://LOCALHOST:18500/app/sales/", "/app/sales/")]
    [InlineData("https://localhost:18500/x", "/x")]
    [InlineData("//127.0.0.1:18500/x", "/x")]
    [InlineData("http://[::1]:18500/x", "/x")]
    [InlineData("http://0.0.0.0:18500/x", "/x")]
    [InlineData("http://[::]:18500/x", "/x")]
    [InlineData("https://HUB:18500/x", "/x")]
    [InlineData("http://hub.example:18500/x", "http://hub.example:18500/x")]
    [InlineData("http://127.0.0.1:18500//evil.example/", "http://hub:8080//evil.example/")]
    [InlineData("http://127.0.0.1:18500/\\evil.example/", "http://hub:8080/\\evil.example/")]
    [InlineData("http://127.0.0.1:185001/x", "http://127.0.0.1:185001/x")]
    [InlineData("http://127.0.0.1:18500.example/x", "http://127.0.0.1:18500.example/x")]
    [InlineData("http://127.0.0.1:18501/x", "http://127.0.0.1:18501/x")]
    [InlineData("http://127.0.0.1/x", "http://127.0.0.1/x")]
    [InlineData("http://kim@127.0.0.1:18500/x", "http://kim@127.0.0.1:18500/x")]
    [InlineData("http://hub:8080/x", "http://hub:8080/x")]
    [InlineData("https://login.example/?next=http://127.0.0.1:18500/", "https://login.example/?next=http://127.0.0.1:18500/")]
    [InlineData("/x", "/x")]
    [InlineData("/app/other/x", "/app/other/x")]
    [InlineData("x/y", "x/y")]
    [InlineData("?x", "?x")]
    [InlineData("", "")]
    [InlineData("/\u00e9\u0085", "/\u00e9\u0085")]
    public void A_redirect_to_the_apps_own_port_becomes_a_path_and_any_other_stays(string location, string expected) =>
        Mount(PrefixMode.Keep).Outward(location).Should().Be(expected);

    [Theory]
    [InlineData("/", "/app/sales/")]
    [InlineData("/login?next=/x#y", "/app/sales/login?next=/x#y")]
    [InlineData("/app/other/x", "/app/sales/app/other/x")]
    [InlineData("/app/salesx", "/app/sales/app/salesx")]
    [InlineData("/app/sales", "/app/sales")]
    [InlineData("/app/sales/login", "/app/sales/login")]
    [InlineData("/app/sales?x", "/app/sales?x")]
    [InlineData("http://127.0.0.1:18500/login", "/app/sales/login")]
    [InlineData("http://127.0.0.1:18500/app/sales/login", "/app/sales/login")]
    [InlineData("http://127.0.0.1:18500//evil.example/", "/app/sales//evil.example/")]
    [InlineData("http://hub:8080/login", "http://hub:8080/app/sales/login")]
    [InlineData("https://HUB:8080/login", "https://HUB:8080/app/sales/login")]
    [InlineData("http://hub:8080", "http://hub:8080/app/sales/")]
    [InlineData("http://hub:8080/app/sales/login", "http://hub:8080/app/sales/login")]
    [InlineData("http://hub:80801/login", "http://hub:80801/login")]
    [InlineData("//hub:8080/login", "//hub:8080/app/sales/login")]
    [InlineData("//evil.example/login", "//evil.example/login")]
    [InlineData("/\\evil.example/", "/\\evil.example/")]
    [InlineData("https://login.example/", "https://login.example/")]
    [InlineData("mailto:kim@example.org", "mailto:kim@example.org")]
    [InlineData("login", "login")]
    [InlineData("../login", "../login")]
    [InlineData("", "")]
    public void A_path_of_an_app_without_the_prefix_gets_it_once(string location, string expected) =>
        Mount(PrefixMode.Strip).Outward(location).Should().Be(expected);

    [Theory]
    [InlineData("Link", "</x.css>; rel=preload", "</app/sales/x.css>; rel=preload")]
    [InlineData("Link", "</a>;rel=next , <b>; title=\"a, </c> \\\" </d>\", <http://127.0.0.1:18500/e>", "</app/sales/a>;rel=next , <b>; title=\"a, </c> \\\" </d>\", </app/sales/e>")]
    [InlineData("Link", "<https://cdn.example/x>; rel=preconnect, </app/sales/y>", "<https://cdn.example/x>; rel=preconnect, </app/sales/y>")]
    [InlineData("Link", "</x", "</x")]
    [InlineData("Refresh", "5; url=/x", "5; url=/app/sales/x")]
    [InlineData("Refresh", "0;URL='/x?a=1'", "0;URL='/app/sales/x?a=1'")]
    [InlineData("Refresh", "1.5 , url = \"/x\" y", "1.5 , url = \"/app/sales/x\" y")]
    [InlineData("Refresh", "5;/x", "5;/app/sales/x")]
    [InlineData("Refresh", "5 /x", "5 /app/sales/x")]
    [InlineData("Refresh", "5", "5")]
    [InlineData("Refresh", "5; url=https://login.example/", "5; url=https://login.example/")]
    [InlineData("Refresh", "5; url=http://localhost:18500/x", "5; url=/app/sales/x")]
    [InlineData("Refresh", "soon", "soon")]
    [InlineData("SourceMap", "/x.map", "/app/sales/x.map")]
    public void Addresses_in_other_headers_are_translated_alike(string header, string value, string expected) =>
        Mount(PrefixMode.Strip).Outward(header, value).Should().Be(expected);

    [Theory]
    [InlineData("/", "/app/sales/", "/app/sales/")]
    [InlineData("/sub", "/app/sales/", "/app/sales/sub")]
    [InlineData("/app/sales", "/app/sales", "/app/sales")]
    [InlineData("/app/sales/sub", "/app/sales/sub", "/app/sales/sub")]
    [InlineData("/app/salesx", "/app/sales/", "/app/sales/app/salesx")]
    public void A_cookie_stays_within_the_app(string path, string kept, string stripped) =>
        (Mount(PrefixMode.Keep).CookiePath(path), Mount(PrefixMode.Strip).CookiePath(path)).Should().Be((kept, stripped));

    [Theory]
    [InlineData(PrefixMode.Keep, null, "/app/sales/")]
    [InlineData(PrefixMode.Keep, "{basePath}/ready", "/app/sales/ready")]
    [InlineData(PrefixMode.Keep, "/healthz", "/healthz")]
    [InlineData(PrefixMode.Strip, null, "/")]
    [InlineData(PrefixMode.Strip, "{basePath}/ready", "/ready")]
    [InlineData(PrefixMode.Strip, "/{basePath}/ready", "/ready")]
    [InlineData(PrefixMode.Strip, "/healthz", "/healthz")]
    public void Health_is_asked_where_the_app_serves(PrefixMode prefix, string? health, string expected) =>
        new CommandRuntime(TestHub.NewSettings()).ReadinessPath(App(prefix, health)).Should().Be(expected);

    [Theory]
    [InlineData("command", "strip", null)]
    [InlineData("command", "keep", null)]
    [InlineData("command", null, null)]
    [InlineData("command", "Strip", "prefix: 'Strip' is not accepted: keep or strip")]
    [InlineData("command", "/x", "prefix: '/x' is not accepted: keep or strip")]
    [InlineData("streamlit", "strip", "prefix: means nothing to the runtime streamlit")]
    [InlineData("demo", "keep", "prefix: means nothing to the runtime demo")]
    public void The_prefix_is_a_commands_alone(string runtime, string? prefix, string? error)
    {
        var reader = new EntryReader(strict: true, TestHub.NewSettings().Folders);
        var entry = new AppEntry { Slug = "sales", Name = "Sales", Runtime = runtime, Prefix = prefix, Command = runtime == "command" ? ["serve"] : null, Script = runtime == "streamlit" ? "/srv/app.py" : null };
        var app = reader.Read(entry, "");
        reader.Errors.Select(found => found.ToString()).Should().Equal(error is null ? [] : [error]);
        if (app is not null)
        {
            AppEntry.Of(app).Prefix.Should().Be(prefix == "keep" ? null : prefix);
        }
    }

    [Fact]
    public void Another_prefix_is_another_run() => App(PrefixMode.Keep).RunsLike(App(PrefixMode.Strip)).Should().BeFalse();

    private static AppMount Mount(PrefixMode prefix) => new(App(prefix), new AppEndpoint(18500), Hub);

    private static App App(PrefixMode prefix, string? health = null) => new(AppSlug.Parse("sales"), "Sales", new AppRuntime.Command(["serve"], health) { Prefix = prefix });
}
