using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T24, T30: whatever the hub says itself, it says who may frame it and keep it, and repeats nothing that it was told.</summary>
public sealed class AnswerHeaderTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private const string Sites = "frame-ancestors 'self' https://intranet.example https://*.teams.example";

    private static readonly string[] Users = ["/", "/nothing", "/users", "/open/sales/", "/open/salesx/", "/open/nosuch/", "/open/", "/app", "/app/", "/app/salesx/", "/app/nosuch/", "/app/sales", "/app/..", "/app/sales%2f", "/_hub/apps", "/_hub/apps/sales/status", "/_hub/apps/salesx/status", "/_hub/apps/sales/events", "/_hub/nothing", "/healthz"];

    private static readonly string[] Admins = ["/", "/users", "/apps/sales", "/audit", "/nothing", "/api/v1/apps", "/api/v1/users/nobody", "/api/v1/nothing", "/api/v1/access/explain", "/hubs/live", "/_blazor", "/openapi/v1.json", "/healthz", "/readyz", "/claim", "/claim?token=x", "/app/sales/"];

    private static readonly string[] Poison = ["X-Forwarded-Host: poison.example", "X-Forwarded-Scheme: poison", "X-Forwarded-Proto: poison", "X-Forwarded-Prefix: /poison", "X-Original-URL: /poison", "X-Rewrite-URL: /poison", "Forwarded: host=poison.example", "X-Host: poison.example", "X-Forwarded-Server: poison.example", "Referer: http://poison.example/"];

    public static TheoryData<Listener, string> Everybody => [.. from listener in Enum.GetValues<Listener>() from persona in ThreatHub.Personas select (listener, persona)];

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Every_answer_of_the_hub_is_framed_by_nobody_else_kept_by_nobody_and_poisoned_by_nobody(Listener listener, string persona)
    {
        var wrong = new List<string>();
        var targets = listener == Listener.Admin ? Admins : persona is ThreatHub.Lee or ThreatHub.Boss ? Users.Except(["/app/salesx/"]) : Users;
        foreach (var target in targets)
        {
            foreach (var (method, accept) in ((string, string)[])[("GET", "text/html"), ("GET", "*/*"), ("POST", "text/html"), ("TRACE", "*/*")])
            {
                var answer = await threats.AskAsync(persona, listener, method, target, [$"Accept: {accept}", "Content-Length: 0", .. Poison]);
                var framers = listener == Listener.Users ? "'self'" : "'none'";
                var isRight = answer.Status != 0
                    && answer.Header("Content-Security-Policy") is [var policy] && policy.Contains("default-src 'self'") && policy.Contains($"frame-ancestors {framers}") && policy.Contains("object-src 'none'") && !policy.Contains("script")
                    && answer.Header("X-Frame-Options") is [var framing] && framing == (listener == Listener.Users ? "SAMEORIGIN" : "DENY")
                    && answer.Header("X-Content-Type-Options") is ["nosniff"]
                    && answer.Header("Referrer-Policy") is ["same-origin" or "no-referrer"]
                    && answer.Header("Cache-Control") is [var caching] && caching.Contains("no-store")
                    && answer.Header("Server") is [] && answer.Header("X-Powered-By") is []
                    && !(answer.Head + answer.Body).Contains("poison");
                if (!isRight)
                {
                    wrong.Add($"{method} {target} ({accept}) got {answer.Head}\n");
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
        threats.Seen().Should().BeEmpty();
    }

    [Fact]
    public async Task What_the_hub_says_for_a_silent_app_carries_the_same_headers()
    {
        threats.Sales.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        try
        {
            foreach (var accept in (string[])["text/html", "*/*"])
            {
                var answer = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/", $"Accept: {accept}");
                answer.Status.Should().Be(502);
                ShouldBeFramedByUsAlone(answer);
            }
        }
        finally
        {
            threats.Reset();
        }
    }

    [Fact]
    public async Task Whatever_the_status_of_an_answer_of_the_hub_other_sites_may_not_frame_it()
    {
        (await threats.Hub.Editor.SaveAppAsync(new AppEntry { Slug = "asleep", Name = "asleep", Runtime = "command", Command = ["python3", "-c", "import time; time.sleep(600)"] }, null, FullHub.Actor, TestContext.Current.CancellationToken)).Errors.Should().BeEmpty();
        (await threats.Hub.Control.StopAsync(new InstanceKey(AppSlug.Parse("asleep")), FullHub.Actor, TestContext.Current.CancellationToken)).Errors.Should().BeEmpty();
        (string Method, string Target, int Status, string[] Headers)[] requests =
        [
            ("GET", "/", 200, []), ("POST", "/_hub/apps/sales/keep", 204, ["Content-Length: 0", $"Origin: http://{threats.Authority(Listener.Users)}"]),
            ("POST", "/_hub/apps/sales/retry", 303, ["Content-Length: 0", $"Origin: http://{threats.Authority(Listener.Users)}"]), ("GET", "/app/sales", 308, []),
            ("GET", "/app/sales%2f", 400, []), ("POST", "/_hub/theme", 403, ["Content-Length: 0"]), ("GET", "/nothing", 404, []), ("POST", "/_hub/theme", 413, ["Content-Length: 9999999", "Content-Type: application/x-www-form-urlencoded", $"Origin: http://{threats.Authority(Listener.Users)}"]),
            ("GET", "/", 421, ["Host: evil.example"]), ("GET", "/app/asleep/x", 503, []),
        ];
        foreach (var (method, target, status, headers) in requests)
        {
            var host = headers.Any(header => header.StartsWith("Host:", StringComparison.Ordinal)) ? [] : new[] { $"Host: {threats.Authority(Listener.Users)}" };
            foreach (var accept in (string[])["text/html", "*/*"])
            {
                var answer = await RawClient.AskAsync(ThreatHub.Boss, threats.Port(Listener.Users), method, target, [.. host, .. headers, $"Accept: {accept}"]);
                (method, target, answer.Status).Should().Be((method, target, status));
                ShouldBeFramedByUsAlone(answer);
            }
        }

        await threats.Hub.Editor.RemoveAppAsync("asleep", FullHub.Actor, TestContext.Current.CancellationToken);
        threats.Seen().Should().BeEmpty();
    }

    [Fact]
    public async Task What_an_app_answers_is_its_own_but_other_sites_may_not_frame_it_and_shared_caches_not_keep_it()
    {
        var answer = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/");
        threats.Seen().Should().ContainSingle();
        answer.Header("Content-Security-Policy").Should().Equal("frame-ancestors 'self'");
        answer.Header("Cache-Control").Should().Equal("private");
        answer.Header("X-Frame-Options").Should().BeEmpty();
        threats.Sales.Answer = context =>
        {
            context.Response.Headers.CacheControl = "public, max-age=60";
            return Task.CompletedTask;
        };
        (await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/")).Header("Cache-Control").Should().Equal(["public, max-age=60"], "an app knows best what is the same for all");
        threats.Reset();
    }

    [Fact]
    public async Task Files_of_the_hub_may_be_kept()
    {
        var page = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/", "Accept: text/html");
        var file = page.Body.Split('"').First(text => text.StartsWith("/_hub/assets/", StringComparison.Ordinal));
        var answer = await threats.AskAsync(ThreatHub.Unregistered, Listener.Users, "GET", file);
        answer.Status.Should().Be(200);
        answer.Header("Cache-Control").Should().ContainSingle().Which.Should().NotContain("no-store");
        answer.Header("X-Content-Type-Options").Should().Equal("nosniff");
    }

    [Fact]
    public async Task The_sites_that_an_app_names_may_frame_its_pages_whoever_answers_and_no_others()
    {
        await NameAsync("https://intranet.example/", "https://*.teams.example");
        foreach (var (persona, target, status, framed) in ((string, string, int, bool)[])
        [
            (ThreatHub.Kim, "/open/sales/", 200, true), (ThreatHub.Kim, "/open/sales/second?q=5", 200, true), (ThreatHub.Kim, "/app/sales/", 200, true), (ThreatHub.Kim, "/app/sales", 308, true),
            (ThreatHub.Kim, "/", 200, false), (ThreatHub.Kim, "/nothing", 404, false), (ThreatHub.Kim, "/open/salesx/", 403, false), (ThreatHub.Lee, "/open/sales/", 403, false),
            (ThreatHub.Lee, "/app/sales/", 403, false), (ThreatHub.Lee, "/app/salesx/", 200, false), (ThreatHub.Unregistered, "/open/sales/", 403, false), (ThreatHub.Unregistered, "/app/sales/", 403, false),
        ])
        {
            var answer = await threats.AskAsync(persona, Listener.Users, "GET", target, "Accept: text/html");
            (persona, target, answer.Status).Should().Be((persona, target, status));
            ShouldBeFramed(answer, framed);
        }

        threats.Sales.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        var failed = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/", "Accept: text/html");
        failed.Status.Should().Be(502);
        ShouldBeFramed(failed, framed: true);

        threats.Sales.Answer = context =>
        {
            context.Response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'";
            return Task.CompletedTask;
        };
        (await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/", "Accept: text/html")).Header("Content-Security-Policy").Should().Equal(["frame-ancestors 'none'"], "the app's own word wins");

        await NameAsync();
        threats.Reset();
        ShouldBeFramed(await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/open/sales/", "Accept: text/html"), framed: false);
    }

    [Fact]
    public async Task An_icon_from_elsewhere_is_shown_by_the_frame_alone()
    {
        Images(await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/open/sales/", "Accept: text/html")).Should().Be("img-src * data: blob:");
        Images(await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/", "Accept: text/html")).Should().Be("img-src 'self' data:");
        Images(await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/open/salesx/", "Accept: text/html")).Should().Be("img-src 'self' data:");
        threats.Reset();
    }

    private static void ShouldBeFramedByUsAlone(RawAnswer answer)
    {
        answer.Header("Content-Security-Policy").Should().ContainSingle().Which.Should().Contain("default-src 'self'").And.Contain("frame-ancestors 'self'");
        answer.Header("X-Frame-Options").Should().Equal("SAMEORIGIN");
        answer.Header("Cache-Control").Should().ContainSingle().Which.Should().Contain("no-store");
        answer.Header("X-Content-Type-Options").Should().Equal("nosniff");
    }

    private static string Images(RawAnswer answer) => answer.Header("Content-Security-Policy")[0].Split("; ").Single(part => part.StartsWith("img-src", StringComparison.Ordinal));

    private static void ShouldBeFramed(RawAnswer answer, bool framed)
    {
        answer.Header("Content-Security-Policy").Should().ContainSingle().Which.Split("; ").Should().Contain(framed ? Sites : "frame-ancestors 'self'");
        answer.Header("X-Frame-Options").Should().NotContain(framed ? "SAMEORIGIN" : "ALLOW");
    }

    private async Task NameAsync(params string[] sites)
    {
        var entry = AppEntry.Of(threats.Hub.Get<ConfigurationStore>().Current.FindApp(AppSlug.Parse("sales"))!) with { EmbedOrigins = sites };
        (await threats.Hub.Editor.SaveAppAsync(entry, "sales", FullHub.Actor, TestContext.Current.CancellationToken)).Errors.Should().BeEmpty();
    }
}
