using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Diagnostics;
using StreamHub.Server.Audit;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Tests.Server.Admin;

/// <summary>The audit as the API gives it, over a hub in Seoul whose admin sits at 127.0.0.1.</summary>
public sealed class AuditReadingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(9));

    private FullHub hub = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync(null, "TimeZone=Asia/Seoul");
        await hub.AddUserAsync("boss", "admin", "127.0.0.1");

        // Before boss there is the link that a hub without admins prints.
        await AppendAsync(
            Row(0, "kim", "user.changed", "lee", """{"addresses":["10.0.0.4","10.0.0.6"]}""", """{"addresses":["10.0.0.5","10.0.0.6"]}"""),
            Row(1, "token:backup", "app.start", "sales"),
            Row(2, "", "refused.path", "", null, """{"count":19,"path":"/100%_a\\b"}"""),
            Row(24 * 60, "Kim", "app.stop", "sales@lee"),
            Row(48 * 60, "=cmd", "user.created", "홍길동", null, """{"name":"홍길동"}"""));
        client = new HttpClient { BaseAddress = hub.Admin };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await hub.DisposeAsync();
    }

    [Theory]
    [InlineData("", "홍길동 sales@lee  sales lee boss ")]
    [InlineData("?q=10.0.0.4", "lee")]
    [InlineData("?q=홍길동", "홍길동")]
    [InlineData("?q=100%25_a", "")]
    [InlineData("?q=%25", "")]
    [InlineData("?actor=kim", "sales@lee lee")]
    [InlineData("?actor=token:", "sales")]
    [InlineData("?action=refused", "")]
    [InlineData("?action=user.c", "홍길동 lee boss")]
    [InlineData("?target=sales", "sales@lee sales")]
    [InlineData("?target=SALES%40", "sales@lee")]
    [InlineData("?from=2026-11-02&to=2026-11-02", "sales@lee")]
    [InlineData("?to=2026-11-01", " sales lee")]
    [InlineData("?from=2026-11-01T00:02:00%2B09:00&to=2026-11-02T00:00:00+09:00", "")]
    [InlineData("?from=2026-10-31T15:01Z&to=2026-10-31T15:02Z", "sales")]
    [InlineData("?actor=kim&action=app.&target=sales", "sales@lee")]
    [InlineData("?q=nothing-of-the-kind", null)]
    public async Task The_filter_selects_newest_first(string query, string? targets)
    {
        var entries = await client.GetFromJsonAsync<AuditEntry[]>("/api/v1/audit" + query);
        (entries!.Length == 0 ? null : string.Join(' ', entries.Select(entry => entry.Target))).Should().Be(targets);
        var rows = (await client.GetStringAsync(new Uri("/api/v1/audit.csv" + query, UriKind.Relative))).Split("\r\n")[1..^1];
        rows.Should().HaveCount(entries.Length, "the export selects the same");
    }

    [Fact]
    public async Task Without_parameters_the_answer_is_a_list_of_the_latest_200()
    {
        await AppendAsync([.. Enumerable.Range(0, 300).Select(number => Row(72 * 60, "kim", "app.start", $"app{number}"))]);
        var entries = await client.GetFromJsonAsync<JsonElement>("/api/v1/audit");
        entries.GetArrayLength().Should().Be(200);
        entries[0].EnumerateObject().Select(member => member.Name).Should().Equal("sequence", "at", "actor", "address", "action", "target", "before", "after");
        entries[0].GetProperty("target").GetString().Should().Be("app299");
    }

    [Fact]
    public async Task Parts_follow_one_another_without_gap_or_repetition()
    {
        var seen = new List<long>();
        for (long? before = null; ;)
        {
            var part = await client.GetFromJsonAsync<AuditEntry[]>($"/api/v1/audit?limit=2{(before is null ? "" : $"&before={before}")}");
            if (part!.Length == 0)
            {
                break;
            }

            seen.AddRange(part.Select(entry => entry.Sequence));
            before = part[^1].Sequence;
        }

        seen.Should().Equal(7, 6, 5, 4, 3, 2, 1);
    }

    [Fact]
    public async Task Pages_can_be_turned_both_ways()
    {
        var log = hub.Get<AuditLog>();
        var newest = await log.PageAsync(AuditFilter.All, null, null, 2, default);
        var middle = await log.PageAsync(AuditFilter.All, newest.Older, null, 2, default);
        var oldest = await log.PageAsync(AuditFilter.All, middle.Older, null, 3, default);
        Numbers(newest, middle, oldest).Should().Be("7 6 | 5 4 | 3 2 1");
        (newest.Newer, oldest.Older).Should().Be((null, null));
        Numbers(await log.PageAsync(AuditFilter.All, null, oldest.Newer, 2, default)).Should().Be("5 4");
        Numbers(await log.PageAsync(AuditFilter.All, null, middle.Newer, 2, default)).Should().Be("7 6");
    }

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?to=2026-11-30T18:00", "to")]
    [InlineData("?to=30.11.2026", "to")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=1001", "limit")]
    public async Task What_cannot_be_read_is_named(string query, string parameter)
    {
        foreach (var path in parameter == "limit" ? ["/api/v1/audit"] : (string[])["/api/v1/audit", "/api/v1/audit.csv", "/api/v1/audit.json"])
        {
            using var answer = await client.GetAsync(new Uri(path + query, UriKind.Relative));
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(parameter, out _).Should().BeTrue(path);
        }
    }

    [Fact]
    public async Task Spreadsheets_get_their_mark_and_no_formula()
    {
        using var answer = await client.GetAsync(new Uri("/api/v1/audit.csv?action=user.created", UriKind.Relative));
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/csv; charset=utf-8");
        answer.Content.Headers.ContentDisposition!.FileName.Should().Be("audit.csv");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        bytes.Take(3).Should().Equal(Encoding.UTF8.Preamble.ToArray());
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        lines[0].Should().Be("sequence,at,actor,address,action,target,before,after");
        lines[1].Should().Be("7,2026-11-02T15:00:00.000Z,'=cmd,,user.created,홍길동,,\"{\"\"name\"\":\"\"홍길동\"\"}\"");
    }

    [Fact]
    public async Task The_export_has_everything_and_reads_the_table_in_steps()
    {
        await AppendAsync([.. Enumerable.Range(0, AuditLog.Step * 2).Select(number => Row(72 * 60, "kim", "app.start", $"app{number}"))]);
        (await client.GetFromJsonAsync<AuditEntry[]>("/api/v1/audit.json")).Should().HaveCount((AuditLog.Step * 2) + 7);

        using var commands = new Commands(hub.Directory);
        await using var entries = hub.Get<AuditLog>().AllAsync(AuditFilter.All, default).GetAsyncEnumerator();
        for (var taken = 0; taken < AuditLog.Step; taken++)
        {
            (await entries.MoveNextAsync()).Should().BeTrue();
        }

        commands.Count.Should().Be(1);
        (await entries.MoveNextAsync()).Should().BeTrue();
        commands.Count.Should().Be(2);
    }

    [Fact]
    public async Task Whole_readings_run_one_at_a_time()
    {
        string[] paths = ["/api/v1/audit.csv", "/api/v1/audit.json", "/api/v1/audit/verify"];
        var readings = hub.Get<FullReads>();
        readings.TryBegin().Should().BeTrue();
        foreach (var path in paths)
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            (answer.StatusCode, answer.Headers.RetryAfter?.ToString()).Should().Be((HttpStatusCode.ServiceUnavailable, "10"), path);
        }

        (await client.GetFromJsonAsync<AuditEntry[]>("/api/v1/audit")).Should().NotBeEmpty("parts are small");
        readings.End();
        foreach (var path in (string[])[.. paths, .. paths])
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            answer.StatusCode.Should().Be(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public async Task The_chain_is_checked_when_asked()
    {
        (await client.GetStringAsync(new Uri("/api/v1/audit/verify", UriKind.Relative))).Should().Be("""{"whole":true,"rows":7,"fault":null}""");
        File.Delete(AuditTrail.AnchorFileIn(hub.Directory));
        var verdict = await client.GetFromJsonAsync<JsonElement>("/api/v1/audit/verify");
        verdict.GetProperty("whole").GetBoolean().Should().BeFalse();
        verdict.GetProperty("fault").GetString().Should().Contain("audit.anchor is missing");
    }

    private static string Numbers(params AuditSlice[] pages) => string.Join(" | ", pages.Select(page => string.Join(' ', page.Entries.Select(entry => entry.Sequence))));

    private static AuditRow Row(int minutes, string actor, string action, string target, string? before = null, string? after = null) => new()
    {
        At = Start.AddMinutes(minutes), Actor = actor, Action = action, Target = target, Before = before, After = after,
    };

    private Task AppendAsync(params AuditRow[] rows) => hub.Get<AuditTrail>().AppendAsync(rows, default);

    /// <summary>Counts the commands that read the audit of one database.</summary>
    private sealed class Commands : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly string directory;
        private readonly IDisposable listeners;
        private IDisposable? commands;
        private int count;

        public Commands(string directory)
        {
            this.directory = directory;
            listeners = DiagnosticListener.AllListeners.Subscribe(this);
        }

        public int Count => Volatile.Read(ref count);

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == Microsoft.EntityFrameworkCore.DbLoggerCategory.Name)
            {
                commands = value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted", Value: CommandExecutedEventData { Command: { CommandText: var text, Connection.DataSource: var file } } }
                && file.StartsWith(directory, StringComparison.Ordinal) && text.Contains("FROM \"audit\"", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref count);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            commands?.Dispose();
            listeners.Dispose();
        }
    }
}
