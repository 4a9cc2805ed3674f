using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Audit;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.History;
using StreamHub.Server.Http;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server.History;

/// <summary>The history of real runs, in a real database that sometimes cannot be written.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task A_life_is_told_with_its_causes()
    {
        await using var hub = await FullHub.StartAsync();
        var key = await hub.AddAppAsync("plain");
        await hub.RunAsync(key);
        await hub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None);
        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Held);

        var told = await UntilAsync(hub, key, page => page.Entries.Count >= 4);

        told.Entries.Reverse().Select(entry => $"{entry.Run} {entry.From} {entry.To} {entry.Cause} {entry.By} {entry.Reason}").Should().Equal(
            "1 Stopped Starting Visit  ",
            "1 Starting Running Process  ",
            "1 Running Stopping Admin test Stopped",
            "1 Stopping Held Process  Stopped");
    }

    [Fact]
    public async Task The_end_with_the_hub_is_written_before_the_hub_is_gone()
    {
        var directory = TestDirectory.Create();
        InstanceKey key;
        await using (var hub = await FullHub.StartAsync(directory))
        {
            key = await hub.AddAppAsync("plain");
            await hub.RunAsync(key);
        }

        await using (var hub = await FullHub.StartAsync(directory))
        {
            var told = await hub.Get<HistoryLog>().PageAsync(key.App, null, 10, CancellationToken.None);
            told.Entries.Take(2).Select(entry => $"{entry.From} {entry.To} {entry.Cause} {entry.Reason}").Should().Equal(
                "Stopping Stopped Process HubStopped", "Running Stopping HubStop HubStopped");
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Apps_run_while_the_database_is_locked_and_their_history_follows()
    {
        await using var hub = await FullHub.StartAsync();
        var key = await hub.AddAppAsync("plain");
        await using var locking = await OpenAsync(hub);
        await ExecuteAsync(locking, "BEGIN IMMEDIATE");

        await hub.RunAsync(key);

        (await hub.Get<HistoryLog>().PageAsync(key.App, null, 10, CancellationToken.None)).Entries.Should().BeEmpty();
        await ExecuteAsync(locking, "ROLLBACK");
        (await UntilAsync(hub, key, page => page.Entries.Count == 2)).Entries[0].To.Should().Be("Running");
    }

    [Fact]
    public async Task Apps_run_while_the_database_takes_nothing_and_what_may_wait_follows()
    {
        await using var hub = await FullHub.StartAsync(null, "Apps:MaxRunning=1");
        var (key, queued) = (await hub.AddAppAsync("plain"), await hub.AddAppAsync("queued"));
        await using var connection = await OpenAsync(hub);
        await ExecuteAsync(connection, "CREATE TRIGGER full BEFORE INSERT ON history BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");

        await hub.RunAsync(key);
        for (var i = 0; i < HistoryWriter.Waiting; i++)
        {
            hub.Supervisor.Post(new HubEvent.StartRequested(queued, "root"));
            hub.Supervisor.Post(new HubEvent.StopRequested(queued, new Hold("root")));
        }

        await hub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None);
        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Held);
        await ExecuteAsync(connection, "DROP TRIGGER full");

        (await UntilAsync(hub, queued, page => page.Entries.Count == 100)).Entries.Should().OnlyContain(entry => entry.By == "root");
        (await UntilAsync(hub, key, page => page.Entries.Count >= 2)).Entries.Should().Contain(entry => entry.To == "Running");
    }

    [Fact]
    public async Task Old_rows_and_those_beyond_the_limit_of_an_app_go()
    {
        await using var hub = await FullHub.StartAsync();
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        var now = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1000);
        db.History.AddRange(Enumerable.Range(0, HistoryWriter.Kept + 5).Select(_ => Row("busy", now)));
        db.History.AddRange(Row("calm", now - HistoryWriter.Memory - TimeSpan.FromSeconds(1)), Row("calm", now - HistoryWriter.Memory + TimeSpan.FromSeconds(1)));
        await db.SaveChangesAsync();
        var first = await db.History.Where(row => row.App == "busy").MinAsync(row => row.Sequence);

        await HistoryWriter.PruneAsync(db, now);

        (await db.History.CountAsync(row => row.App == "busy")).Should().Be(HistoryWriter.Kept);
        (await db.History.Where(row => row.App == "busy").MinAsync(row => row.Sequence)).Should().Be(first + 5);
        (await db.History.CountAsync(row => row.App == "calm")).Should().Be(1);
    }

    [Fact]
    public async Task The_api_pages_through_it_and_exports_it_for_spreadsheets()
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("root", "admin", "127.0.0.1");
        await using (var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync())
        {
            db.History.AddRange(Enumerable.Range(1, 5).Select(run => Row("old", DateTimeOffset.UnixEpoch, run)));
            await db.SaveChangesAsync();
        }

        using var client = new HttpClient { BaseAddress = hub.Admin };
        var first = await client.GetFromJsonAsync<JsonElement>("api/v1/apps/old/history?limit=3");
        var second = await client.GetFromJsonAsync<JsonElement>($"api/v1/apps/old/history?limit=3&before={first.GetProperty("before")}");
        Runs(first).Concat(Runs(second)).Should().Equal(5, 4, 3, 2, 1);
        second.GetProperty("before").ValueKind.Should().Be(JsonValueKind.Null);
        using (var refused = await client.GetAsync("api/v1/apps/old/history?limit=0"))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        }

        using var csv = await client.GetAsync("api/v1/apps/old/history.csv");
        csv.Content.Headers.ContentType!.MediaType.Should().Be("text/csv");
        csv.Content.Headers.ContentDisposition!.FileName.Should().Be("history-old.csv");
        var bytes = await csv.Content.ReadAsByteArrayAsync();
        bytes.Take(3).Should().Equal(Encoding.UTF8.Preamble.ToArray());
        Encoding.UTF8.GetString(bytes[3..]).Should().StartWith("sequence,at,app,user,run,from,to,cause,by,reason,detail\r\n")
            .And.Contain(",1970-01-01T00:00:00.000Z,old,,5,Running,Stopping,Admin,'=cmd,Stopped,");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"\n", "\"say \"\"hi\"\"\n\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t'=1\"")]
    [InlineData("=A,1", "\"'=A,1\"")]
    [InlineData(-5, "-5")]
    [InlineData("＝1", "'＝1")]
    [InlineData("'=1", "''=1")]
    [InlineData("'tis", "'tis")]
    [InlineData("kim;=cmd|'/C calc'!A0", "\"kim;'=cmd|'/C calc'!A0\"")]
    [InlineData("kim;\"=1", "\"kim;'\"\"=1\"")]
    [InlineData("kim;'=1;2", "\"kim;''=1;2\"")]
    [InlineData("kim\t+1", "\"kim\t'+1\"")]
    [InlineData("kim\r\n-1", "\"kim\r\n'-1\"")]
    [InlineData("10.0.0.1; 10.0.0.2", "\"10.0.0.1; 10.0.0.2\"")]
    [InlineData("a=b;c-d", "\"a=b;c-d\"")]
    [InlineData(null, "")]
    public void A_cell_is_written_so(object? value, string written)
    {
        Csv.Cell(value).Should().Be(written);
        if (value is string text)
        {
            Csv.Text(written.StartsWith('"') ? written[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : written).Should().Be(text, "what was written can be read back");
        }
    }

    private static IEnumerable<int> Runs(JsonElement page) => page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("run").GetInt32());

    private static HistoryRow Row(string app, DateTimeOffset at, long run = 1) =>
        new() { At = at, App = app, Run = run, From = "Running", To = "Stopping", Cause = "Admin", By = "=cmd", Reason = "Stopped" };

    private static Task<HistorySlice> UntilAsync(FullHub hub, InstanceKey key, Func<HistorySlice, bool> condition) =>
        hub.ReadHistoryAsync(async log => await log.PageAsync(key.App, null, 100, CancellationToken.None) is var page && condition(page) ? page : null);

    private static async Task<SqliteConnection> OpenAsync(FullHub hub)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(hub.Directory, "hub.db")};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
