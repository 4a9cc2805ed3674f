using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Audit;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Requests;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Data;

/// <summary>A data directory as commit 449bac4 left it, and the file that it exported.</summary>
public sealed class TakeoverTests
{
    private static readonly string Earlier = Path.Combine(AppContext.BaseDirectory, "Server", "Data", "Earlier");

    private static string Export => File.ReadAllText(Path.Combine(Earlier, "export-449bac4.json"));

    [Fact]
    public async Task An_earlier_data_directory_keeps_everything_at_the_first_start()
    {
        var settings = Take();
        await using var hub = await TestHub.StartAsync(settings);
        EntryWriter.Write(hub.Editor.Export()).Should().Be(Export.TrimEnd('\n'));
        hub.Store.Current.Unreadable.Should().BeEmpty();
        (await hub.Get<AuditLog>().VerifyAsync(default)).Should().Be(new AuditCheck(30, null));
        var tokens = hub.Store.Current.Tokens;
        tokens.Find(Name("reader"))!.Scope.Should().Be(TokenScope.Read);
        tokens.Find(Name("writer"))!.Scope.Should().Be(TokenScope.Write);
        (await hub.Get<AccessRequests>().ListAsync(true, default)).Should().ContainSingle().Which.Address.Should().Be("127.0.0.12");
        (await hub.Get<AccessRequests>().ListAsync(false, default)).Select(request => request.State).Should()
            .Equal(AccessRequestState.Blocked, AccessRequestState.Declined, AccessRequestState.Approved);
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        (await db.History.CountAsync(row => row.App == "demo")).Should().Be(9);
        (await db.ApiTokens.CountAsync(row => row.Revoked != null)).Should().Be(1);
        db.Database.HasPendingModelChanges().Should().BeFalse();
    }

    [Fact]
    public async Task An_earlier_data_directory_becomes_like_a_new_one()
    {
        var (earlier, fresh) = (Take(), TestHub.NewSettings());
        await (await TestHub.StartAsync(earlier)).DisposeAsync();
        await (await TestHub.StartAsync(fresh)).DisposeAsync();
        Schema(earlier.DataDirectory).Should().Equal(Schema(fresh.DataDirectory));
    }

    [Fact]
    public async Task An_app_stays_stopped_that_an_admin_had_stopped()
    {
        await using var hub = await FullHub.StartAsync(Take().DataDirectory);
        var held = await hub.WaitForAsync(new InstanceKey(AppSlug.Parse("old")), instance => instance.Desired is Desired.Held);
        ((Desired.Held)held.Desired).Hold.Text.Should().Be("moved");
    }

    [Fact]
    public async Task An_earlier_exported_file_is_read_without_a_change()
    {
        await using var hub = await TestHub.StartAsync(Take());
        var (file, errors) = EntryJson.ReadFile(Export);
        errors.Should().BeEmpty();
        var result = await hub.Editor.ApplyAsync(file, [], plan: true, new Actor("test", null), default);
        (result.Errors, result.Changes).Should().BeEquivalentTo(((IReadOnlyList<EntryError>)[], (IReadOnlyList<string>)[]));
    }

    [Fact]
    public async Task What_an_earlier_row_held_that_is_no_JSON_is_kept_as_unreadable()
    {
        var settings = Take();
        Execute(settings.DataDirectory, """
            UPDATE apps SET "Env" = '{' WHERE "Slug" = 'sales';
            UPDATE users SET "Hours" = 'always' WHERE "Name" = 'own';
            """);
        await using var hub = await TestHub.StartAsync(settings);
        hub.Store.Current.Unreadable.Select(entry => $"{entry.Kind} {entry.Key}: {entry.Error}").Should().BeEquivalentTo(
            "app sales: env: an object of texts is expected, not a text", "user own: hours: a list is expected, not a text");
        hub.Store.Current.Users.Single(user => user.Name.ToString() == "own").Disabled.Should().BeTrue();
    }

    [Theory]
    [InlineData("\"Expires\" = 253402300800000", "expires")]
    [InlineData("\"Hours\" = 'null'", "hours")]
    [InlineData("\"Hours\" = '{}'", "hours")]
    public async Task What_limited_a_user_in_an_earlier_row_is_never_lost(string change, string member)
    {
        var settings = Take();
        Execute(settings.DataDirectory, $"UPDATE users SET {change} WHERE \"Name\" = 'own'");
        await using var hub = await TestHub.StartAsync(settings);
        hub.Store.Current.Unreadable.Should().ContainSingle().Which.Error.Should().StartWith(member + ":");
        hub.Store.Current.Users.Single(user => user.Name.ToString() == "own").Disabled.Should().BeTrue();
    }

    [Fact]
    public async Task A_data_directory_from_before_is_left_as_it_is()
    {
        var settings = Take();
        Execute(settings.DataDirectory, """DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%RequestSites'""");
        var start = () => TestHub.StartAsync(settings);
        (await start.Should().ThrowAsync<DataDirectoryException>()).Which.Message.Should().Contain("before 1 December 2026");
    }

    private static TokenName Name(string text) => TokenName.TryParse(text, out var name) ? name : default;

    private static StreamHub.Server.Settings.HubSettings Take()
    {
        var settings = TestHub.NewSettings();
        ZipFile.ExtractToDirectory(Path.Combine(Earlier, "data-449bac4.zip"), settings.DataDirectory);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(settings.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return settings;
    }

    private static List<string> Schema(string directory)
    {
        using var connection = new SqliteConnection(HubDatabase.ConnectionString(directory));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> '__EFMigrationsLock' ORDER BY name";
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(0).ReplaceLineEndings(" "));
        }

        return lines;
    }

    private static void Execute(string directory, string sql)
    {
        using var connection = new SqliteConnection(HubDatabase.ConnectionString(directory));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
