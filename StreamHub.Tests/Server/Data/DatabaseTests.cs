using Microsoft.Data.Sqlite;
using StreamHub.Server.Audit;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;
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
            INSERT INTO users (Id, Name, Entry) VALUES
                (1, 'good', '{"name":"good","addresses":["127.0.0.4"]}'),
                (2, 'crowned', '{"name":"crowned","role":"king","addresses":["127.0.0.5"]}'),
                (3, 'early', '{"name":"early","addresses":["127.0.0.6"],"hours":["Mon 8-9"]}'),
                (4, char(7), '{"name":"\u0007","addresses":["127.0.0.7"]}'),
                (5, 'wide', '{"name":"wide","addresses":["127.0.0.8/99"]}'),
                (6, 'office', '{"name":"office","addresses":["127.0.0.0/16"],"allowWide":true}'),
                (7, 'later', '{"name":"later","addresses":["127.0.0.10"],"curfew":true}'),
                (8, 'torn', '{"name":"torn","addr'),
                (9, 'other', '{"name":"somebody","addresses":["127.0.0.12"]}'),
                (10, 'moved', '{"name":"moved","addresses":["127.0.0.14"],"disabled":true}'),
                (11, 'good ', '{"name":"good ","addresses":["127.0.0.15"]}'),
                (12, 'unreadable #11', '{"name":"unreadable #11","addresses":["127.0.0.16"]}');
            INSERT INTO user_addresses (UserId, Range) VALUES
                (1, '127.0.0.4'), (2, '127.0.0.5'), (3, '127.0.0.6'), (4, '127.0.0.7'), (5, '127.0.0.8/99'), (6, '127.0.0.0/16'), (7, '127.0.0.10'), (8, '127.0.0.11'), (8, 'everything'), (9, '127.0.0.12'), (10, '127.0.0.13'), (11, '127.0.0.15'), (12, '127.0.0.16');
            """);
        await using var hub = await TestHub.StartAsync(settings);
        (await hub.AskAsync("/who", "127.0.0.4")).Body.Should().Be("good");
        (await hub.AskAsync("/who", "127.0.0.9")).Body.Should().Be("office");
        foreach (var address in new[] { "127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8", "127.0.0.10", "127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.15", "127.0.0.16" })
        {
            (await hub.AskAsync("/who", address, headers: ("Accept", "text/html"))).Body.Should().Be($"page {address} Disabled");
        }

        // Whose name cannot be read can be given one, and removed.
        var unnamed = hub.Editor.Export().Users.Single(user => user.Name == "unreadable #4");
        (await hub.Editor.SaveUserAsync(unnamed with { Name = "kim", Disabled = false }, unnamed.Name, new("test", null), default)).Errors.Should().BeEmpty();
        (await hub.AskAsync("/who", "127.0.0.7")).Body.Should().Be("kim");
        hub.Store.Current.Users.Should().HaveCount(12);
        hub.Store.Current.Unreadable.Select(entry => entry.Key).Should().BeEquivalentTo("crowned", "early", "wide", "later", "torn", "other", "moved", "unreadable #11", "unreadable #12");
    }

    [Fact]
    public async Task An_app_that_cannot_be_read_is_told_and_kept_until_somebody_replaces_or_removes_it()
    {
        var settings = TestHub.NewSettings();
        await (await TestHub.StartAsync(settings)).DisposeAsync();
        Execute(settings.DataDirectory, """INSERT INTO apps (Slug, Entry) VALUES ('sales', '{"slug":"sales","name":"Sales","runtime":"demo","colour":"red"}'), ('torn', '{')""");
        await using var hub = await TestHub.StartAsync(settings);
        var test = new Actor("test", null);
        hub.Store.Current.Unreadable.Should().Contain(entry => entry.Kind == "app" && entry.Key == "sales" && entry.Error.Contains("colour: is an unknown key", StringComparison.Ordinal));
        (await hub.Editor.ApplyAsync(hub.Editor.Export(), [], plan: false, test, default)).Changes.Should().BeEmpty();
        (await hub.Editor.SaveUserAsync(new UserEntry { Name = "kim", Addresses = ["10.0.0.7"], Apps = ["sales"] }, null, test, default)).Errors.Should().BeEmpty("the app is there, though it cannot be read");
        hub.Store.Current.Unreadable.Should().HaveCount(2);

        (await hub.Editor.SaveAppAsync(new AppEntry { Slug = "sales", Name = "Sales", Runtime = "demo" }, null, test, default)).Changes.Should().Equal("app sales: created");
        (await hub.Editor.SaveUserAsync(new UserEntry { Name = "lee", Addresses = ["10.0.0.8"], Apps = ["sales", "torn"] }, null, test, default)).Errors.Should().BeEmpty();
        (await hub.Editor.RemoveAppAsync("torn", test, default)).Changes.Should().HaveCount(2).And.StartWith("app torn: removed");
        hub.Editor.Export().Users.Single(user => user.Name == "lee").Apps.Should().Equal(["sales"], "a later app with the slug is another one");
        hub.Store.Current.Unreadable.Should().BeEmpty();
        hub.Store.Current.Apps.Select(app => app.Slug.ToString()).Should().Equal("demo", "sales");
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
