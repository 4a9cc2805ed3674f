using StreamHub.Server.Hosting;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T24, T30: whatever the hub says itself, it says who may frame it and keep it, and repeats nothing that it was told.</summary>
[Collection(ThreatsCollection.Name)]
public sealed class AnswerHeaderTests(ThreatHub threats)
{
    private static readonly string[] Users = ["/", "/nothing", "/users", "/open/sales/", "/open/salesx/", "/open/nosuch/", "/open/", "/app", "/app/", "/app/salesx/", "/app/nosuch/", "/app/sales", "/app/sales/..", "/app/sales/%2f", "/app/sales/_stcore/metrics", "/_hub/apps", "/_hub/apps/sales/status", "/_hub/apps/salesx/status", "/_hub/apps/sales/events", "/_hub/nothing", "/healthz"];

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
                answer.Header("Content-Security-Policy").Should().ContainSingle().Which.Should().Contain("default-src 'self'");
                answer.Header("Cache-Control").Should().Equal("no-store");
                answer.Header("X-Content-Type-Options").Should().Equal("nosniff");
            }
        }
        finally
        {
            threats.Reset();
        }
    }

    [Fact]
    public async Task What_an_app_answers_is_its_own_but_other_sites_may_not_frame_it()
    {
        var answer = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/");
        threats.Seen().Should().ContainSingle();
        answer.Header("Content-Security-Policy").Should().Equal("frame-ancestors 'self'");
        answer.Header("Cache-Control").Should().BeEmpty();
        answer.Header("X-Frame-Options").Should().BeEmpty();
    }

    [Fact]
    public async Task Files_of_the_hub_may_be_kept()
    {
        var page = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/", "Accept: text/html");
        var file = page.Body.Split('"').First(text => text.StartsWith("/_hub/assets/", StringComparison.Ordinal));
        var answer = await threats.AskAsync(ThreatHub.Stranger, Listener.Users, "GET", file);
        answer.Status.Should().Be(200);
        answer.Header("Cache-Control").Should().ContainSingle().Which.Should().NotContain("no-store");
        answer.Header("X-Content-Type-Options").Should().Equal("nosniff");
    }
}
