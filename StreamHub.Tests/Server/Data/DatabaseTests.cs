using Microsoft.Data.Sqlite;
using StreamHub.Server.Data;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Data;

public sealed class DatabaseTests
{
    [Fact]
    public async Task New_database_has_the_demo_app_and_keeps_its_removal()
    {
        var settings = TestHub.NewSettings();
        await using (var hub = await TestHub.StartAsync(settings))
        {
            hub.Store.Current.Apps.Should().ContainSingle().Which.Name.Should().Be("Demo");
            hub.Store.Current.Users.Should().BeEmpty();
            (await hub.Editor.RemoveAppAsync("demo", new("test", null), default)).Succeeded.Should().BeTrue();
        }

        await using var again = await TestHub.StartAsync(settings);
        again.Store.Current.Apps.Should().BeEmpty();
    }

    [Fact]
    public async Task Second_hub_on_one_directory_is_refused()
    {
        await using var hub = await TestHub.StartAsync();
        var second = () => TestHub.StartAsync(hub.Settings);
        (await second.Should().ThrowAsync<DataDirectoryException>()).Which.Message.Should().Contain(hub.Settings.DataDirectory);
    }

    [Fact]
    public async Task Migration_lock_of_a_killed_hub_is_no_hindrance()
    {
        var settings = TestHub.NewSettings();
        await (await TestHub.StartAsync(settings)).DisposeAsync();
        Execute(settings.DataDirectory, """
            CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT OR REPLACE INTO "__EFMigrationsLock" VALUES (1, '2020-01-01');
            """);
        await using var hub = await TestHub.StartAsync(settings);
        hub.Store.Current.Apps.Should().ContainSingle();
    }

    [Fact]
    public async Task Who_cannot_be_read_is_let_in_by_nobodys_wider_range()
    {
        var settings = TestHub.NewSettings();
        await (await TestHub.StartAsync(settings)).DisposeAsync();
        Execute(settings.DataDirectory, """
            INSERT INTO users (Id, Name, Role) VALUES (1, 'good', 'user'), (2, 'crowned', 'king'), (4, char(7), 'user'), (5, 'wide', 'user'), (6, 'office', 'user');
            INSERT INTO users (Id, Name, Role, Hours) VALUES (3, 'early', 'user', '["Mon 8-9"]');
            INSERT INTO user_addresses (UserId, Range) VALUES
                (1, '127.0.0.4'), (1, 'everything'), (2, '127.0.0.5'), (3, '127.0.0.6'), (4, '127.0.0.7'), (5, '127.0.0.8/99'), (6, '127.0.0.0/16');
            """);
        await using var hub = await TestHub.StartAsync(settings);
        (await hub.AskAsync("/who", "127.0.0.4")).Body.Should().Be("good");
        (await hub.AskAsync("/who", "127.0.0.9")).Body.Should().Be("office");
        foreach (var address in new[] { "127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8" })
        {
            (await hub.AskAsync("/who", address, headers: ("Accept", "text/html"))).Body.Should().Be($"page {address} Disabled");
        }

        // Whose name cannot be read can be given one, and removed.
        var unnamed = hub.Editor.Export().Users.Single(user => user.Name == "unreadable #4");
        (await hub.Editor.SaveUserAsync(unnamed with { Name = "kim", Disabled = false }, unnamed.Name, new("test", null), default)).Errors.Should().BeEmpty();
        (await hub.AskAsync("/who", "127.0.0.7")).Body.Should().Be("kim");
        hub.Store.Current.Users.Should().HaveCount(6);
    }

    [Theory]
    [InlineData("3.51.2", false)]
    [InlineData("3.51.3", true)]
    [InlineData("3.53.3", true)]
    public void Old_sqlite_is_refused(string version, bool accepted)
    {
        var check = () => HubDatabase.RequireSqlite(version);
        if (accepted)
        {
            check.Should().NotThrow();
        }
        else
        {
            check.Should().Throw<DataDirectoryException>();
        }
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
