using System.Text.Json;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T34: what people and programs wrote is shown as text: names, output, headers.</summary>
public sealed class StoredMarkupTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private const string Evil = "\"'><img src=x onerror=alert(1)></title></script><script>alert(2)</script>{{7*7}}";
    private const string AuthorName = "<svg onload=alert(5)>";
    private const string Author = "127.0.0.66";
    private const string Requester = "127.0.0.67";

    /// <summary>What browsers say of themselves.</summary>
    private static readonly string[] Headers =
    [
        "Accept: text/html", "User-Agent: <img src=x onerror=alert(7)>\u001b[31m", "Referer: \"><script>alert(8)</script>", "Accept-Language: ko\"><script>alert(9)</script>",
        "Cookie: .StreamHub.Theme=\"><script>alert(10)</script>; .StreamHub.Culture=c=<img>|uic=<img>; .StreamHub.Device=<img>",
    ];

    /// <summary>Lines that an app prints before it crashes, as Python text, and how they are to be shown.</summary>
    private static readonly (string Printed, string Shown)[] Lines =
    [
        ("<img src=x onerror=alert(3)></pre><script>alert(4)</script>", "<img src=x onerror=alert(3)></pre><script>alert(4)</script>"),
        ("\\x1b[31mred\\x1b[0m \\x1b[1;38;5;200mbold\\x1b[m", "red bold"), ("\\x1b]0;a title\\x07after", "after"), ("\\x1b]8;;http://evil\\x1b\\\\link\\x1b]8;;\\x1b\\\\", "link"), ("\\x1b[2J\\x1b[1;1Hcleared", "cleared"), ("\\x1bcreset \\x1b(B\\x1b=", "reset "),
        ("a\\x00b\\x07c\\x08d\\x7fe\\x9d", "abcde"), ("tab\\tkept", "tab\tkept"), ("Error: \\x1b[31m<b>bold</b>", "Error: <b>bold</b>"),
    ];

    [Fact]
    public async Task What_others_wrote_is_text_on_every_page_and_in_every_answer()
    {
        var hub = threats.Hub;
        var key = new InstanceKey(AppSlug.Parse("markup"));
        var code = string.Concat(Lines.Select(line => $"print('{line.Printed}', flush=True)\n")) + "raise SystemExit(1)";
        (await hub.Editor.SaveAppAsync(new AppEntry { Slug = "markup", Name = Evil, Runtime = "command", Command = ["python3", "-c", code] }, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        (await hub.Editor.SaveUserAsync(new UserEntry { Name = AuthorName, Addresses = [Author], Apps = ["markup"] }, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        await RequestAccessAsync();
        hub.Supervisor.Post(new HubEvent.Requested(key));

        // Not in the pause before a further attempt, whose output would be the latest.
        await hub.WaitForAsync(key, instance => instance.Status is InstanceStatus.Quarantined);
        (string Persona, Listener Listener, string Target)[] pages =
        [
            (Author, Listener.Users, "/"), (Author, Listener.Users, "/app/markup/"), (Author, Listener.Users, "/_hub/apps/markup/status"), (Author, Listener.Users, "/_hub/apps"), (Author, Listener.Users, "/open/markup/"), (Author, Listener.Users, "/open/markup/?x=<script>alert(6)</script>\""),
            (Author, Listener.Users, "/app/markup/?x=\"><script>alert(6)</script>"), (Author, Listener.Users, "/app/markup/<img>"), (Author, Listener.Users, "/<img/src=x>"), (Author, Listener.Users, "/open/<img>/"), (ThreatHub.Unregistered, Listener.Users, "/?<img>"), (Requester, Listener.Users, "/"),
            (ThreatHub.Boss, Listener.Admin, "/"), (ThreatHub.Boss, Listener.Admin, "/apps/markup"), (ThreatHub.Boss, Listener.Admin, "/requests"), (ThreatHub.Boss, Listener.Admin, "/%3Cimg%20src=x%3E"), (ThreatHub.Boss, Listener.Admin, "/api/v1/apps"), (ThreatHub.Boss, Listener.Admin, "/api/v1/users"),
            (ThreatHub.Boss, Listener.Admin, "/api/v1/requests"), (ThreatHub.Boss, Listener.Admin, "/api/v1/instances"), (ThreatHub.Boss, Listener.Admin, "/api/v1/audit"), (ThreatHub.Boss, Listener.Admin, "/api/v1/users/%3Csvg%20onload=alert(5)%3E"), (ThreatHub.Boss, Listener.Admin, "/api/v1/apps/markup/history"),
            (ThreatHub.Boss, Listener.Admin, "/api/v1/access/explain?address=%3Cimg%3E&app=%3Cimg%3E"), (ThreatHub.Boss, Listener.Admin, "/claim?token=%3Cimg%3E"),
        ];
        try
        {
            var answers = new List<RawAnswer>();
            var wrong = new List<string>();
            foreach (var (persona, listener, target) in pages)
            {
                var answer = await threats.AskAsync(persona, listener, "GET", target, Headers);
                answers.Add(answer);
                if (!IsText(answer))
                {
                    wrong.Add($"{target}: {answer.Head}\n{answer.Body}");
                }
            }

            string.Join('\n', wrong).Should().BeEmpty();
            answers[0].Body.Should().Contain("&lt;img").And.Contain("&lt;svg");
            answers[1].Status.Should().Be(503);
            answers[1].Body.Should().Contain("&lt;script&gt;alert(4)").And.Contain("red bold");
            hub.Control.LogTail(key, 20).Should().Equal(Lines.Select(line => line.Shown));
            var json = answers[2].Body;
            using var status = JsonDocument.Parse(json[json.IndexOf('{', StringComparison.Ordinal)..(json.LastIndexOf('}') + 1)]);
            status.RootElement.GetProperty("failure").GetString().Should().Be("Error: <b>bold</b>");
        }
        finally
        {
            await hub.Editor.RemoveUserAsync(AuthorName, FullHub.Actor, CancellationToken.None);
            await hub.Editor.RemoveAppAsync("markup", FullHub.Actor, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Nobody_writes_lines_of_their_own_into_the_hubs_log()
    {
        const string Forged = "2026-01-01 00:00:00.000 [INF] forged";
        var encoded = Uri.EscapeDataString($"x\r\n{Forged}\u001b[31m");
        string[] own = ["Content-Length: 0", $"Origin: http://{threats.Authority(Listener.Admin)}"];
        await threats.AskAsync(ThreatHub.Boss, Listener.Admin, "POST", $"/api/v1/apps/salesx/restart?drain=true&why={encoded}", own);
        await threats.AskAsync(ThreatHub.Boss, Listener.Admin, "POST", $"/api/v1/apps/{encoded}/start?user={encoded}", own);
        await threats.AskAsync(ThreatHub.Boss, Listener.Admin, "GET", $"/api/v1/users/{encoded}", $"User-Agent: {Forged}");
        await threats.AskAsync(ThreatHub.Boss, Listener.Admin, "GET", $"/claim?token={encoded}");
        await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", $"/app/sales/{encoded}");
        await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", $"/open/sales/?{encoded}", "Accept: text/html");
        var history = await threats.AskAsync(ThreatHub.Boss, Listener.Admin, "GET", "/api/v1/apps/salesx/history");
        history.Body.Should().Contain($"x {Forged}").And.NotContain("\\u001b").And.NotContain("\\n2026");

        var log = Directory.GetFiles(Path.Combine(threats.Hub.Directory, "logs")).Should().ContainSingle().Subject;
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        text.Should().NotContain("\u001b").And.NotContain("\n" + Forged);
        await threats.Hub.WaitForAsync(new InstanceKey(AppSlug.Parse("salesx")), instance => instance.Runs.Length == 1 && instance.ReadyRun is not null);
        threats.Reset();
    }

    /// <summary>Whether a browser shows nothing of it as markup: as a page everything is encoded, as anything else it is not taken for one.</summary>
    private static bool IsText(RawAnswer answer) => answer.Header("Content-Type") is [var type] && !answer.Body.Contains('\u001b') && answer.Header("X-Content-Type-Options") is ["nosniff"] && (type.Split(';')[0] switch
    {
        "text/html" => !answer.Body.Contains("<img") && !answer.Body.Contains("<script>") && !answer.Body.Contains("<svg onload"),
        "application/json" or "application/problem+json" or "text/plain" => true,
        _ => false,
    });

    private async Task RequestAccessAsync() =>
        (await threats.PostFormAsync(Requester, "/_hub/request", ("name", AuthorName), ("app", Evil), ("purpose", Evil), ("back", "/"))).Status.Should().Be(303);
}
