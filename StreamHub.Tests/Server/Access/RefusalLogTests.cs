using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>Whoever is turned away is in the audit, once and counted.</summary>
public sealed class RefusalLogTests
{
    [Fact]
    public async Task Every_kind_of_refusal_is_written_with_who_and_what_for()
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddAppAsync("sales");
        await hub.AddUserAsync("boss", "admin", "127.0.0.2");
        await hub.AddUserAsync("kim", "user", "127.0.0.7");
        await AskAsync("127.0.0.9", hub.Users, "app/sales/");
        await AskAsync("127.0.0.9", hub.Users, "app/nothing/");
        await AskAsync("127.0.0.7", hub.Users, "app/sales/x");
        await AskAsync("127.0.0.7", hub.Users, "_hub/apps/sales/status");
        await AskAsync("127.0.0.7", hub.Admin, "");
        await AskAsync("127.0.0.7", hub.Users, "app/sales%2f%2e%2e/x?secret=1");
        await AskAsync("127.0.0.9", hub.Users, "", ("Host", "evil.example"));
        await AskAsync("127.0.0.2", hub.Admin, "hubs/live", ("Origin", "http://evil.example"));
        await AskAsync("127.0.0.7", hub.Users, "nothing");
        var rows = await hub.RefusalsAsync();
        rows.Select(row => $"{row.Actor}|{row.Address}|{row.Action}|{row.Target}|{row.After}").Should().BeEquivalentTo(
            """|127.0.0.9|refused.unregistered|sales|{"count":1,"path":"/app/sales/"}""",
            """|127.0.0.9|refused.unregistered||{"count":1,"path":"/app/nothing/"}""",
            """kim|127.0.0.7|refused.app|sales|{"count":1,"path":"/app/sales/x"}""",
            """kim|127.0.0.7|refused.app||{"count":1,"path":"/_hub/apps/sales/status"}""",
            """kim|127.0.0.7|refused.notAdmin||{"count":1,"path":"/"}""",
            """kim|127.0.0.7|refused.path||{"count":1,"path":"/app/sales%2f%2e%2e/x"}""",
            """|127.0.0.9|refused.host||{"count":1,"host":"evil.example"}""",
            """boss|127.0.0.2|refused.origin||{"count":1,"origin":"http://evil.example"}""");
    }

    [Fact]
    public async Task Clean_stop_loses_none_and_a_flood_while_the_audit_is_locked_stays_small()
    {
        const int Flood = 50_000;
        var directory = TestDirectory.Create();
        await using (var hub = await FullHub.StartAsync(directory))
        {
            await using var connection = new SqliteConnection(HubDatabase.ConnectionString(directory));
            await connection.OpenAsync();
            await using (var busy = connection.BeginTransaction(deferred: false))
            {
                for (var number = 0; number < Flood; number++)
                {
                    hub.Get<RefusalLog>().Note(new Refused(
                        new RefusalKind(ClientAddress.From(new IPAddress(0x0A000000 + (uint)number)), RefusalReason.Unregistered, null), null, "/"));
                }

                using var visitor = new PersonaClient("127.0.0.9");
                using var answer = await visitor.Http.GetAsync(hub.Users);
                answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, "nobody waits for the audit");
            }
        }

        await using var again = await FullHub.StartAsync(directory);
        var rows = await again.RefusalsAsync();
        rows.Sum(Count).Should().Be(Flood + 1);
        rows.Should().HaveCountLessThanOrEqualTo(2 * (RefusalLog.Kinds + 2));
        (await again.Get<AuditTrail>().VerifyAsync(default)).Fault.Should().BeNull();
    }

    [Fact]
    public async Task Repetitions_become_one_row_when_the_window_closes()
    {
        await using var hub = await FullHub.StartAsync();
        for (var time = 0; time < 20; time++)
        {
            await AskAsync("127.0.0.9", hub.Users, $"app/{time}/");
        }

        (await hub.RefusalsAsync()).Select(Count).Should().Equal(1, 19);
    }

    [Fact]
    public async Task A_request_for_access_that_is_not_taken_is_written_down()
    {
        await using var hub = await FullHub.StartAsync();
        await RequestAccessAsync(HttpStatusCode.SeeOther);
        await RequestAccessAsync(HttpStatusCode.Conflict);
        for (var number = 0; number < 4; number++)
        {
            await RequestAccessAsync(HttpStatusCode.SeeOther, ("act", "withdraw"));
            await RequestAccessAsync(HttpStatusCode.SeeOther);
        }

        await RequestAccessAsync(HttpStatusCode.SeeOther, ("act", "withdraw"));
        await RequestAccessAsync(HttpStatusCode.TooManyRequests);
        (await hub.RefusalsAsync()).Select(row => $"{row.Address} {row.Action} {row.After}").Should().BeEquivalentTo(
            """127.0.0.9 refused.plea {"count":1,"path":"/_hub/request"}""", """127.0.0.9 refused.rate {"count":1,"path":"/_hub/request"}""");

        async Task RequestAccessAsync(HttpStatusCode expected, params (string Name, string Value)[] more)
        {
            using var visitor = new PersonaClient("127.0.0.9");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub.Users, "_hub/request"));
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("name", "Lee"), .. more.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
            using var answer = await visitor.Http.SendAsync(request);
            answer.StatusCode.Should().Be(expected);
        }
    }

    [Fact]
    public async Task What_no_app_is_asked_is_written_down_with_the_app()
    {
        await using var hub = await FullHub.StartAsync();
        var script = Path.Combine(TestDirectory.Create(), "app.py");
        await File.WriteAllTextAsync(script, "");
        (await hub.Editor.SaveAppAsync(new AppEntry { Slug = "sales", Name = "Sales", Runtime = "streamlit", Script = script }, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        await hub.AddUserAsync("kim", "user", "127.0.0.7", "sales");
        using var kim = new PersonaClient("127.0.0.7");
        (await kim.Http.GetAsync(new Uri(hub.Users, "app/sales/_stcore/metrics"))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        using var trace = new HttpRequestMessage(HttpMethod.Trace, new Uri(hub.Users, "app/sales/")) { Headers = { { "Origin", hub.Users.GetLeftPart(UriPartial.Authority) } } };
        (await kim.Http.SendAsync(trace)).StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await hub.RefusalsAsync()).Select(row => $"{row.Actor} {row.Action} {row.Target} {row.After}").Should().BeEquivalentTo(
            """kim refused.path sales {"count":1,"path":"/app/sales/_stcore/metrics"}""", """kim refused.message sales {"count":1,"answer":"405 Method Not Allowed"}""");
    }

    [Fact]
    public async Task A_browser_that_turns_up_as_somebody_else_is_written_down()
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("kim", "user", "127.0.0.7");
        await hub.AddUserAsync("lee", "user", "127.0.0.8");
        await hub.AddUserAsync("bob", "user", "127.0.0.32/28");
        var (kims, lees) = (await HomeAsync("127.0.0.7"), await HomeAsync("127.0.0.8"));
        var bobs = await HomeAsync("127.0.0.33", kims);
        await HomeAsync("127.0.0.33", kims);
        await HomeAsync("127.0.0.33", kims);
        await HomeAsync("127.0.0.33", lees);
        await HomeAsync("127.0.0.34", bobs);
        var rows = await hub.RefusalsAsync("device.");
        rows.Select(row => $"{row.Actor}|{row.Address}|{row.Action}|{row.Target}|{Count(row)}").Should().BeEquivalentTo(
            "bob|127.0.0.33|device.changed|kim|1", "bob|127.0.0.33|device.changed|kim|2", "bob|127.0.0.33|device.changed|lee|1");
        rows.Should().Contain(row => row.After == """{"count":1,"before":"127.0.0.7"}""");

        async Task<string> HomeAsync(string from, string? cookie = null)
        {
            using var visitor = new PersonaClient(from);
            using var request = new HttpRequestMessage(HttpMethod.Get, hub.Users) { Headers = { { "Accept", "text/html" } } };
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
            using var answer = await visitor.Http.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            return answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith(DeviceCookie.Name, StringComparison.Ordinal)).Split(';')[0];
        }
    }

    private static long Count(AuditRow row) => JsonNode.Parse(row.After!)!["count"]!.GetValue<long>();

    private static async Task AskAsync(string from, Uri listener, string path, params (string Name, string Value)[] headers)
    {
        using var visitor = new PersonaClient(from);

        // As it stands: Uri would take dot segments out.
        var address = new Uri($"{listener.GetLeftPart(UriPartial.Authority)}/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await visitor.Http.SendAsync(request);
        answer.IsSuccessStatusCode.Should().BeFalse();
    }
}
