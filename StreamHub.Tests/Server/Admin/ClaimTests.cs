using System.Net;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Claim;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Admin;

/// <summary>The one-time admin link: who guesses is slowed down and nobody else, and nothing about it is silent.</summary>
public sealed class ClaimTests
{
    private static readonly UserEntry Boss = new() { Name = "boss", Role = "admin", Addresses = ["127.0.0.2"] };

    [Fact]
    public async Task Whoever_guesses_is_told_to_wait_and_the_right_link_opens_all_the_same()
    {
        await using var hub = await TestHub.StartAsync();
        var token = await hub.Tokens.CreateAsync(Actor.Console, default);
        var guesser = ClientAddress.Parse("2001:db8::1");
        for (var i = 0; i < ClaimTokens.TriesPerMinute; i++)
        {
            (await hub.Tokens.RedeemAsync("guess", guesser, default)).Should().Be(ClaimOutcome.Unknown);
        }

        (await hub.Tokens.RedeemAsync("guess", ClientAddress.Parse("2001:db8::ffff"), default)).Should().Be(ClaimOutcome.TooManyTries, "one network has as many addresses as it likes");
        (await hub.Tokens.RedeemAsync("guess", ClientAddress.Parse("127.0.0.5"), default)).Should().Be(ClaimOutcome.Unknown, "others have tries of their own");
        hub.Store.Current.Users.Should().BeEmpty();
        (await hub.Tokens.RedeemAsync(token, guesser, default)).Should().Be(ClaimOutcome.Claimed);
    }

    [Fact]
    public async Task Wrong_links_are_in_the_audit_counted()
    {
        await using var hub = await TestHub.StartAsync();
        for (var i = 0; i < ClaimTokens.TriesPerMinute; i++)
        {
            (await hub.AskAsync("/claim?token=guess", "127.0.0.5", Listener.Admin)).Status.Should().Be(HttpStatusCode.Forbidden);
        }

        (await hub.AskAsync("/claim?token=guess", "127.0.0.5", Listener.Admin)).Status.Should().Be(HttpStatusCode.TooManyRequests);
        await hub.Get<RefusalLog>().StopAsync(default);
        (await RowsAsync(hub)).Select(row => $"{row.Address} {row.Action} {row.After?[..10]}").Should().BeEquivalentTo(
            """127.0.0.5 refused.link {"count":1""", """127.0.0.5 refused.link {"count":9""", """127.0.0.5 refused.rate {"count":1""");
        (await RowsAsync(hub)).Should().OnlyContain(row => row.After!.Contains("/claim") && !row.After.Contains("guess"));
    }

    [Fact]
    public async Task A_link_is_in_the_audit_when_it_is_made_and_when_it_is_opened_whoever_opens_it()
    {
        await using var hub = await TestHub.StartAsync(null, Boss);
        var token = await hub.Tokens.CreateAsync(Actor.Console, default);
        (await hub.Tokens.RedeemAsync(token, ClientAddress.Parse("127.0.0.2"), default)).Should().Be(ClaimOutcome.Claimed, "an admin's own address");
        var rows = (await RowsAsync(hub)).Where(row => row.Action.StartsWith("link.", StringComparison.Ordinal)).ToArray();
        rows.Select(row => $"{row.Actor}|{row.Address}|{row.Action}|{row.Target}").Should().Equal("cli||link.created|", "setup|127.0.0.2|link.opened|boss");
        rows[0].After.Should().StartWith("""{"expires":""").And.NotContain(token);
    }

    [Fact]
    public async Task A_link_that_the_rules_refuse_stays_open_and_is_called_so()
    {
        await using var hub = await TestHub.StartAsync(TestHub.NewSettings("127.0.0.40"));
        var token = await hub.Tokens.CreateAsync(Actor.Console, default);
        (await hub.Tokens.RedeemAsync(token, ClientAddress.Parse("127.0.0.40"), default)).Should().Be(ClaimOutcome.Refused, "a proxy stands for many");
        (await RowsAsync(hub))[^1].Action.Should().Be("link.open.refused");
        (await hub.Tokens.RedeemAsync(token, ClientAddress.Parse("127.0.0.5"), default)).Should().Be(ClaimOutcome.Claimed);
    }

    [Fact]
    public async Task A_link_makes_one_address_an_admins_and_for_good_and_no_other_address_of_the_same_user()
    {
        await using var hub = await TestHub.StartAsync(
            null,
            new UserEntry { Name = "kim", Addresses = ["10.0.0.5", "10.1.0.0/16"], AllowWide = true },
            new UserEntry { Name = "lee", Addresses = ["10.0.0.6"], Expires = new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero), Hours = ["Mon-Sun 00:00-23:59"] });
        foreach (var address in (string[])["10.0.0.5", "10.0.0.6"])
        {
            (await hub.Tokens.RedeemAsync(await hub.Tokens.CreateAsync(Actor.Console, default), ClientAddress.Parse(address), default)).Should().Be(ClaimOutcome.Claimed);
        }

        hub.Store.Current.Users.Select(user => $"{user.Name} {user.Role} {string.Join(' ', user.Addresses)} {user.Expires} {user.Hours}".TrimEnd()).Should().Equal(
            "admin Admin 10.0.0.5", "kim User 10.1.0.0/16", "lee Admin 10.0.0.6");
    }

    [Fact]
    public async Task An_old_link_is_called_expired_a_used_one_used_and_both_are_known_for_a_month()
    {
        await using var hub = await TestHub.StartAsync();
        var (used, old) = (await hub.Tokens.CreateAsync(Actor.Console, default), await hub.Tokens.CreateAsync(Actor.Console, default));
        var person = ClientAddress.Parse("127.0.0.5");
        (await hub.Tokens.RedeemAsync(used, person, default)).Should().Be(ClaimOutcome.Claimed);
        await AgeAsync(hub, TimeSpan.FromDays(1));
        (await hub.Tokens.RedeemAsync(used, person, default)).Should().Be(ClaimOutcome.Used);
        (await hub.Tokens.RedeemAsync(old, person, default)).Should().Be(ClaimOutcome.Expired);

        await hub.Tokens.CreateAsync(Actor.Console, default);
        (await hub.Tokens.FindAsync(old, person, default)).Should().Be(ClaimOutcome.Expired);
        await AgeAsync(hub, ClaimTokens.Memory);
        await hub.Tokens.CreateAsync(Actor.Console, default);
        (await hub.Tokens.FindAsync(old, person, default)).Should().Be(ClaimOutcome.Unknown);
    }

    private static async Task AgeAsync(TestHub hub, TimeSpan age)
    {
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        foreach (var row in await db.ClaimTokens.ToListAsync())
        {
            row.Expires -= age;
        }

        await db.SaveChangesAsync();
    }

    private static async Task<List<AuditRow>> RowsAsync(TestHub hub)
    {
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        return await db.Audit.AsNoTracking().OrderBy(row => row.Sequence).ToListAsync();
    }
}
