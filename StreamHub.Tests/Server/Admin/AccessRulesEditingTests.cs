using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Claim;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;
using StreamHub.Server.Settings;
using StreamHub.Server.Visits;

namespace StreamHub.Tests.Server.Admin;

public sealed class AccessRulesEditingTests
{
    private static readonly Actor Test = new("test", null);
    private static readonly UserEntry Boss = new() { Name = "boss", Role = "admin", Addresses = ["127.0.0.2"] };

    [Fact]
    public async Task New_members_go_to_a_file_and_back_unchanged()
    {
        await using var hub = await TestHub.StartAsync(null, Boss, new UserEntry
        {
            Name = "kim", Addresses = ["10.0.0.0/8"], Disabled = true, AllowWide = true, Hours = ["Mon-Fri 08:00-18:00", "Sat 22:00-06:00"],
        });
        var text = EntryWriter.Write(hub.Editor.Export());
        text.Should().Contain("\"disabled\": true").And.Contain("\"allowWide\": true").And.Contain("\"Sat 22:00-06:00\"");
        var (file, errors) = EntryJson.ReadFile(text);
        errors.Should().BeEmpty();
        var again = await hub.Editor.ApplyAsync(file, errors, plan: false, Test, default);
        again.Errors.Should().BeEmpty();
        again.Changes.Should().BeEmpty();
    }

    [Fact]
    public async Task Wrong_hours_and_wide_ranges_are_refused_with_their_place()
    {
        await using var hub = await TestHub.StartAsync(null, Boss);
        var (file, errors) = EntryJson.ReadFile("""
            { "users": [ { "name": "kim", "addresses": ["10.0.0.0/15"], "hours": ["Mon-Fri 8-18", "Tue 09:00-10:00", "Tue 09:00-10:00"], "disabled": "yes" },
                         { "name": "root", "role": "admin", "addresses": ["10.9.0.0/28", "2001:db8::/60"] } ] }
            """);
        var result = await hub.Editor.ApplyAsync(file, errors, plan: false, Test, default);
        result.Errors.Select(error => error.Path).Should().BeEquivalentTo(
            ["users[0].disabled", "users[0].addresses[0]", "users[0].hours[0]", "users[0].hours[2]", "users[1].addresses[0]", "users[1].addresses[1]"]);
        result.Errors.Single(error => error.Path == "users[1].addresses[0]").Message.Should().Contain("/29").And.Contain("allowWide");
    }

    [Fact]
    public async Task Overlap_is_told_with_its_winner_and_a_duplicate_names_both()
    {
        await using var hub = await TestHub.StartAsync(null, Boss, new UserEntry { Name = "all", Addresses = ["10.0.0.0/16"] });
        var kim = new UserEntry { Name = "kim", Addresses = ["10.0.0.7"] };
        (await hub.Editor.SaveUserAsync(kim, null, Test, default)).Overlaps.Select(overlap => overlap.ToString()).Should().Equal("10.0.0.7 of kim lies within 10.0.0.0/16 of all: kim wins there");
        var twice = await hub.Editor.SaveUserAsync(new UserEntry { Name = "lee", Addresses = ["::ffff:10.0.0.7"] }, null, Test, default);
        twice.Errors.Should().ContainSingle().Which.Message.Should().Contain("kim").And.Contain("lee");
    }

    [Fact]
    public async Task Last_admin_cannot_be_disabled_demoted_or_ended_even_by_force()
    {
        await using var hub = await TestHub.StartAsync(null, Boss);
        var force = new ChangeOptions(Force: true);
        UserEntry[] ends =
        [
            Boss with { Disabled = true }, Boss with { Role = "user" }, Boss with { Addresses = [] }, Boss with { Expires = DateTimeOffset.UnixEpoch },
            Boss with { Expires = new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero) }, Boss with { Hours = ["Mon 09:00-09:01"] }, Boss with { Hours = ["Mon-Sun 00:00-23:59"] },
        ];
        foreach (var entry in ends)
        {
            (await hub.Editor.SaveUserAsync(entry, "boss", force, Test, default)).Errors.Should().ContainSingle().Which.Message.Should().Contain("at least one admin");
        }

        (await hub.Editor.SaveUserAsync(Boss with { Hours = ["Mon-Sun 00:00-24:00"] }, "boss", Test, default)).Errors.Should().BeEmpty("a whole week is no limit");
        (await hub.Editor.RemoveUserAsync("boss", force, Test, default)).Errors.Should().ContainSingle().Which.Message.Should().Contain("at least one admin");
    }

    [Fact]
    public async Task Own_address_is_locked_out_only_when_confirmed()
    {
        await using var hub = await TestHub.StartAsync(null, Boss, new UserEntry { Name = "two", Role = "admin", Addresses = ["127.0.0.3"] });
        var own = new Actor("boss", "127.0.0.2");
        var off = Boss with { Disabled = true };
        (await hub.Editor.SaveUserAsync(off, "boss", own, default)).Errors.Should().ContainSingle().Which.Message.Should().Contain("force");
        (await hub.Editor.SaveUserAsync(off, "boss", new ChangeOptions(Force: true), own, default)).Changes.Should().Equal("user boss: disabled none -> true");
        (await hub.AskAsync("/who", "127.0.0.2", headers: ("Accept", "text/html"))).Body.Should().Be("page 127.0.0.2 Disabled");
        (await hub.Tokens.RedeemAsync(await hub.Tokens.CreateAsync(Actor.Console, default), ClientAddress.Parse("127.0.0.2"), default)).Should().Be(ClaimOutcome.Claimed);
        (await hub.AskAsync("/who", "127.0.0.2")).Body.Should().Be("boss", "a claim link opens for the one who is shut out");
    }

    [Fact]
    public async Task Hours_that_would_shut_the_own_address_out_later_are_set_only_when_confirmed()
    {
        await using var hub = await TestHub.StartAsync(null, Boss, new UserEntry { Name = "two", Role = "admin", Addresses = ["127.0.0.3"] });
        var own = new Actor("boss", "127.0.0.2");

        // All but the hour that is half a week away: it is open now.
        var far = ((int)TimeProvider.System.GetUtcNow().DayOfWeek + 4) % 7;
        string[] days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
        var hours = Boss with { Hours = [$"{string.Join(',', days.Where(day => day != days[far]))} 00:00-24:00", $"{days[far]} 00:00-23:00"] };
        var refused = (await hub.Editor.SaveUserAsync(hours, "boss", own, default)).Errors.Should().ContainSingle().Subject;
        (refused.IsConfirmable, refused.Message.Contains("at times", StringComparison.Ordinal)).Should().Be((true, true));
        (await hub.Editor.SaveUserAsync(hours, "boss", new ChangeOptions(Force: true), own, default)).Errors.Should().BeEmpty();
        (await hub.Editor.SaveUserAsync(hours with { AllowWide = true }, "boss", own, default)).Errors.Should().BeEmpty("these hours are in force already");
        (await hub.Editor.SaveUserAsync(Boss, "boss", own, default)).Errors.Should().BeEmpty("more hours shut nobody out");
    }

    [Fact]
    public async Task An_end_of_the_own_address_is_set_only_when_confirmed()
    {
        await using var hub = await TestHub.StartAsync(null, Boss, new UserEntry { Name = "two", Role = "admin", Addresses = ["127.0.0.3"] });
        var own = new Actor("boss", "127.0.0.2");
        var ends = Boss with { Expires = new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var refused = (await hub.Editor.SaveUserAsync(ends, "boss", own, default)).Errors.Should().ContainSingle().Subject;
        (refused.IsConfirmable, refused.Message).Should().Be((true, "this would lock you out at 2999-01-01T00:00:00+00:00: you are using 127.0.0.2; confirm with force if intended"));
        (await hub.Editor.SaveUserAsync(ends, "boss", new ChangeOptions(Force: true), own, default)).Errors.Should().BeEmpty();
        (await hub.Editor.SaveUserAsync(ends with { Expires = ends.Expires!.Value.AddDays(1) }, "boss", own, default)).Errors.Should().BeEmpty("a later end shuts nobody out");
    }

    [Fact]
    public async Task Who_loses_an_app_with_its_removal_is_in_the_audit()
    {
        await using var hub = await TestHub.StartAsync(null, Boss, new UserEntry { Name = "kim", Addresses = ["10.0.0.5"], Apps = ["demo"] }, new UserEntry { Name = "lee", Addresses = ["10.0.0.6"] });
        (await hub.Editor.RemoveAppAsync("demo", Test, default)).Changes.Should().Equal("app demo: removed", "user kim: apps demo -> none");
        hub.Store.Current.Users.Should().OnlyContain(user => user.Apps.IsEmpty);
    }

    [Theory]
    [InlineData("cli")]
    [InlineData("Setup")]
    [InlineData("token:x")]
    [InlineData("unreadable #1")]
    public async Task Names_that_the_audit_has_for_others_are_nobodys(string name)
    {
        await using var hub = await TestHub.StartAsync();
        (await hub.Editor.SaveUserAsync(new UserEntry { Name = name }, null, Test, default)).Errors.Should().ContainSingle().Which.Path.Should().Be("name");
    }

    [Fact]
    public async Task Visits_are_counted_by_the_hour_and_a_plan_is_replayed_over_them()
    {
        await using var hub = await TestHub.StartAsync(null, Boss, new UserEntry { Name = "kim", Addresses = ["127.0.0.7"], Apps = ["demo"] });
        var visits = hub.Get<VisitLog>();
        for (var i = 0; i < 3; i++)
        {
            await hub.AskAsync("/open/demo", "127.0.0.7", headers: ("Accept", "text/html"));
        }

        await hub.AskAsync("/who", "127.0.0.7"); // not a page
        await hub.AskAsync("/app/nowhere/x", "127.0.0.9"); // refused; no such app
        await visits.FlushAsync(default);
        await hub.AskAsync("/open/demo/x", "127.0.0.7", headers: ("Accept", "text/html"));
        await visits.FlushAsync(default);
        await using (var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync())
        {
            var rows = await db.Visits.GroupBy(row => new { row.Address, row.App, row.Decision })
                .Select(group => $"{group.Key.Address} {group.Key.App} {group.Key.Decision} {group.Sum(row => row.Count)}").ToListAsync();
            rows.Should().BeEquivalentTo(["127.0.0.7 demo Admitted 4", "127.0.0.9  Unregistered 1"]);
        }

        var file = new HubFile
        {
            Users = [new UserEntry { Name = "kim", Addresses = ["127.0.0.7"] }, new UserEntry { Name = "lee", Addresses = ["127.0.0.9"] }],
        };
        var plan = await hub.Editor.ApplyAsync(file, [], plan: true, Test, default);
        plan.Preview!.Lines().Should().Equal("would gain: 127.0.0.9 (lee) home, 1 visit", "would lose: 127.0.0.7 (kim) demo, 4 visits");
        hub.Store.Current.Users.Should().HaveCount(2, "a plan changes nothing");
    }

    [Fact]
    public async Task Api_explains_and_rehearses()
    {
        await using var hub = await FullHub.StartAsync(null, "TimeZone=Asia/Seoul");
        await hub.AddUserAsync("boss", "admin", "127.0.0.1");
        await hub.AddUserAsync("kim", "user", "10.0.0.7", "demo");
        hub.Get<HubSettings>().TimeZone.Id.Should().Be("Asia/Seoul");
        using var client = new HttpClient { BaseAddress = hub.Admin };
        client.DefaultRequestHeaders.Add("Origin", hub.Admin.GetLeftPart(UriPartial.Authority));
        var said = await client.GetFromJsonAsync<JsonElement>("/api/v1/access/explain?address=10.0.0.7&app=demo");
        said.GetProperty("allowed").GetBoolean().Should().BeTrue();
        said.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("code").GetString()).Should().Equal(
            "range.matched", "range.won", "user.inForce", "app.assigned", "listener.users", "listener.admin");
        using var bad = await client.GetAsync(new Uri("/api/v1/access/explain?address=10.7&app=A", UriKind.Relative));
        bad.StatusCode.Should().Be(HttpStatusCode.BadRequest);

        var wide = new { addresses = new[] { "10.0.0.0/16" } };
        using var dry = await client.PutAsJsonAsync("/api/v1/users/all?dryRun=true", wide);
        var preview = await dry.Content.ReadFromJsonAsync<JsonElement>();
        preview.GetProperty("warnings").GetArrayLength().Should().Be(1);
        preview.GetProperty("gains").GetArrayLength().Should().Be(0);
        hub.Editor.Export().Users.Should().HaveCount(2);
        using var put = await client.PutAsJsonAsync("/api/v1/users/all", wide);
        (await put.Content.ReadFromJsonAsync<string[]>()).Should().Contain("warning: 10.0.0.7 of kim lies within 10.0.0.0/16 of all: kim wins there");
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/access/overlaps")).GetArrayLength().Should().Be(1);
        (await hub.Editor.SaveUserAsync(new UserEntry { Name = "two", Role = "admin", Addresses = ["127.0.0.3"] }, null, FullHub.Actor, default)).Succeeded.Should().BeTrue();
        using var own = await client.DeleteAsync(new Uri("/api/v1/users/boss", UriKind.Relative));
        own.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        using var forced = await client.DeleteAsync(new Uri("/api/v1/users/boss?force=true", UriKind.Relative));
        forced.StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
