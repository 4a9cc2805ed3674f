using System.Net;
using Microsoft.Data.Sqlite;
using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Claim;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;

namespace StreamHub.Tests.Server.Admin;

public sealed class EditingTests
{
    private static readonly Actor Test = new("test", null);
    private static readonly UserEntry Boss = new() { Name = "boss", Role = "admin", Addresses = ["127.0.0.2"] };

    [Fact]
    public async Task Apply_with_errors_lists_each_with_its_path_and_changes_nothing()
    {
        await using var hub = await TestHub.StartAsync(null, Boss);
        var (file, errors) = EntryJson.ReadFile("""
            { // a comment
              "users": [
                { "name": "kim", "role": "root", "addresses": ["10.0.0.300", 5], "apps": ["nix"], "colour": 1 },
                { "name": "lee", "addresses": ["127.0.0.2"], "apps": ["nowhere"], "expires": "soon" },
                { "name": "lee" },
              ],
              "apps": [ { "slug": "A b", "name": "", "runtime": "java", "instances": "many", "idleTimeout": "1x", "env": { "1X": "y" }, "embedOrigins": ["https://intranet.example", "https://INTRANET.example/", "intranet"] },
                        { "slug": "s", "name": "S", "script": "app.py" }, { "slug": "c", "name": "C", "runtime": "command", "command": [], "script": "/x" } ],
              "more": true,
            }
            """);
        var before = EntryWriter.Write(hub.Editor.Export());
        var result = await hub.Editor.ApplyAsync(file, errors, plan: false, Test, CancellationToken.None);
        result.Errors.Select(error => error.Path).Should().BeEquivalentTo(
        [
            "users[0].role", "users[0].addresses[0]", "users[0].addresses[1]", "users[0].colour", "users[1].expires", "users[1].addresses[0]",
            "users[0].apps[0]", "users[1].apps[0]", "users[2].name", "apps[0].slug", "apps[0].name", "apps[0].runtime", "apps[0].instances", "apps[0].idleTimeout",
            "apps[0].env", "apps[0].embedOrigins[1]", "apps[0].embedOrigins[2]", "apps[1].script", "apps[2].command", "apps[2].script", "more",
        ]);
        result.Errors.Select(error => error.ToString()).Should().Contain("users[0].addresses[0]: '10.0.0.300' is not an address or a CIDR range")
            .And.Contain("users[1].addresses[0]: '127.0.0.2' already belongs to the user boss; it cannot belong to lee too");
        EntryWriter.Write(hub.Editor.Export()).Should().Be(before);
    }

    [Fact]
    public async Task Exported_file_applies_without_a_change()
    {
        await using var hub = await TestHub.StartAsync(null, Boss, new UserEntry
        {
            Name = "김", Addresses = ["10.9.0.0/16", "10.1.2.3"], Apps = ["demo"], Expires = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(9)),
        });
        await hub.Editor.SaveAppAsync(
            new AppEntry
            {
                Slug = "dash", Name = "Dash", Description = "Orders by day, 일별 주문", Icon = "👩🏽‍💻", Group = "Finance", Runtime = "command", Command = ["python", "{port}"], Health = "{basePath}/", Instances = "perUser",
                IdleTimeout = "1h", Env = new Dictionary<string, string> { ["A"] = "secret" }, Args = ["x"], EmbedOrigins = ["https://Intranet.example:443/"],
            },
            null, Test, CancellationToken.None);
        var (file, errors) = EntryJson.ReadFile(EntryWriter.Write(hub.Editor.Export()));
        errors.Should().BeEmpty();
        file.Apps.Should().HaveCount(2);
        var result = await hub.Editor.ApplyAsync(file, [], plan: false, Test, CancellationToken.None);
        result.Errors.Should().BeEmpty();
        result.Changes.Should().BeEmpty();

        file.Apps.Single(app => app.Slug == "dash").IdleTimeout = "30m";
        var plan = await hub.Editor.ApplyAsync(file, [], plan: true, Test, CancellationToken.None);
        plan.Changes.Should().Equal("app dash: idleTimeout 1h -> 30m");
        (await hub.Editor.ApplyAsync(file, [], plan: false, Test, CancellationToken.None)).Changes.Should().Equal(plan.Changes);
    }

    [Fact]
    public async Task Last_admin_stays_and_nobody_locks_themselves_out()
    {
        await using var hub = await TestHub.StartAsync(null, Boss);
        (await hub.Editor.RemoveUserAsync("boss", Test, CancellationToken.None)).Succeeded.Should().BeFalse();
        (await hub.Editor.SaveUserAsync(Boss with { Role = "user" }, "boss", Test, CancellationToken.None)).Succeeded.Should().BeFalse();
        await hub.Editor.SaveUserAsync(new UserEntry { Name = "two", Role = "admin", Addresses = ["127.0.0.3"] }, null, Test, CancellationToken.None);
        var own = await hub.Editor.RemoveUserAsync("boss", new Actor("boss", "127.0.0.2"), CancellationToken.None);
        own.Errors.Should().ContainSingle().Which.Message.Should().Contain("lock you out");
        (await hub.Editor.SaveUserAsync(Boss with { Name = "chief" }, "boss", new Actor("boss", "127.0.0.2"), CancellationToken.None))
            .Changes.Should().Equal("user boss: name boss -> chief");
        (await hub.Editor.RemoveUserAsync("chief", new Actor("two", "127.0.0.3"), CancellationToken.None)).Changes.Should().Equal("user chief: removed");
    }

    [Fact]
    public async Task Claim_makes_a_plain_user_an_admin_and_names_a_second_one_apart()
    {
        await using var hub = await TestHub.StartAsync(null, new UserEntry { Name = "admin", Addresses = ["127.0.0.5"] });
        (await hub.Tokens.RedeemAsync(await hub.Tokens.CreateAsync(Test, default), ClientAddress.Parse("127.0.0.5"), default)).Should().Be(ClaimOutcome.Claimed);
        (await hub.Tokens.RedeemAsync(await hub.Tokens.CreateAsync(Test, default), ClientAddress.Parse("127.0.0.6"), default)).Should().Be(ClaimOutcome.Claimed);
        hub.Store.Current.Users.Select(user => $"{user.Name} {user.Role}").Should().Equal("admin Admin", "admin-2 Admin");
    }

    [Fact]
    public async Task A_writer_commits_while_a_plan_is_made()
    {
        await using var hub = await TestHub.StartAsync(null, Boss);
        var plan = await hub.Editor.ChangeAsync(
            draft =>
            {
                draft.Put(new UserEntry { Name = "kim", Addresses = ["10.0.0.7"] }, "");
                using var writer = new SqliteConnection(HubDatabase.ConnectionString(hub.Settings.DataDirectory) + ";Default Timeout=0");
                writer.Open();
                using var command = writer.CreateCommand();
                command.CommandText = """INSERT INTO hub_facts ("Key", "Value") VALUES ('written', 'meanwhile')""";
                command.ExecuteNonQuery().Should().Be(1);
            },
            strict: true, new ChangeOptions(Plan: true), Test, CancellationToken.None);
        plan.Errors.Should().BeEmpty();
        plan.Changes.Should().Equal("user kim: created");
        hub.Store.Current.Users.Should().ContainSingle();
    }
}
