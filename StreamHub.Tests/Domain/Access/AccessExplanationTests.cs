using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;

namespace StreamHub.Tests.Domain.Access;

/// <summary>What an admin reads who asks why somebody may, or may not.</summary>
public sealed class AccessExplanationTests
{
    // A Tuesday, 12:00 in Berlin.
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 11, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly AccessPolicy Policy = AccessPolicy.Create(
        [
            User("root", Role.Admin, "10.0.0.1"),
            User("kim", Role.User, "10.0.0.0/24") with { Apps = [AppSlug.Parse("sales")] },
            User("lab", Role.User, "10.0.0.0/16"),
            User("boss", Role.Admin, "10.0.0.0/24"),
            User("off", Role.User, "10.0.1.1") with { Disabled = true },
            User("gone", Role.User, "10.0.1.2") with { Expires = Now.AddHours(-1).ToOffset(TimeSpan.FromHours(1)) },
            User("night", Role.User, "192.0.2.7") with { Hours = WeekHours.TryParse("Tue 22:00-06:00", out var window) ? WeekHours.Of([window]) : WeekHours.Always },
        ],
        Berlin);

    [Fact]
    public void Of_the_narrowest_range_it_is_told_whom_it_beat_and_what_is_assigned() =>
        Trace("10.0.0.7", "sales").Should().Equal(
            "range.matched[10.0.0.0/24 kim user]: 10.0.0.0/24 of kim (user) holds 10.0.0.7",
            "range.matched[10.0.0.0/24 boss admin]: 10.0.0.0/24 of boss (admin) holds 10.0.0.7",
            "range.matched[10.0.0.0/16 lab user]: 10.0.0.0/16 of lab (user) holds 10.0.0.7",
            "range.won[10.0.0.0/24 kim lesserRole]: 10.0.0.0/24 of kim wins: it belongs to two users: the lesser role wins",
            "user.inForce[kim]: kim is in force",
            "app.assigned[sales kim]: sales is assigned to kim",
            "listener.users[open]: the users' listener lets 10.0.0.7 in",
            "listener.admin[shut]: the admin listener does not let 10.0.0.7 in",
            "opens");

    [Fact]
    public void An_app_that_is_not_assigned_stays_shut_while_the_hub_is_open() =>
        Trace("10.0.0.7", "other").Skip(5).Should().Equal(
            "app.notAssigned[other kim]: other is not assigned to kim",
            "listener.users[open]: the users' listener lets 10.0.0.7 in",
            "listener.admin[shut]: the admin listener does not let 10.0.0.7 in",
            "stays shut");

    [Fact]
    public void An_admin_opens_every_app_that_there_is()
    {
        Trace("10.0.0.1", "other").Skip(4).Should().Equal(
            "range.won[10.0.0.1 root narrowest]: 10.0.0.1 of root wins: it is the narrowest",
            "user.inForce[root]: root is in force",
            "app.admin[other root]: root is an admin: admins open every app",
            "listener.users[open]: the users' listener lets 10.0.0.1 in",
            "listener.admin[open]: the admin listener lets 10.0.0.1 in",
            "opens");
        AccessExplanation.Of(Policy, ClientAddress.Parse("10.0.0.1"), null, isKnown: false, Now, knownBrowsers: true).Steps[^1].Text
            .Should().Be("in a browser that opened an admin link; any other is a user's, who has what is assigned to root");
        Trace("10.0.0.1", "nope", isKnown: false).Skip(6).Should().Equal(
            "app.unknown[nope]: there is no app nope",
            "listener.users[open]: the users' listener lets 10.0.0.1 in",
            "listener.admin[open]: the admin listener lets 10.0.0.1 in",
            "stays shut");
    }

    [Fact]
    public void Nobodys_address_is_told_as_such() =>
        Trace("10.1.0.1", "sales").Should().Equal(
            "range.none[10.1.0.1]: no range of any user holds 10.1.0.1",
            "listener.users[shut]: the users' listener does not let 10.1.0.1 in",
            "listener.admin[shut]: the admin listener does not let 10.1.0.1 in",
            "stays shut");

    [Theory]
    [InlineData("10.0.1.1", "user.disabled[off]: off is disabled")]
    [InlineData("10.0.1.2", "user.expired[gone 2030-01-01T11:00:00+01:00]: the access of gone ended at 2030-01-01T11:00:00+01:00")]
    public void Who_is_not_in_force_is_told_why(string address, string state) =>
        Trace(address, null).Skip(3).Should().Equal(
            state,
            $"listener.users[shut]: the users' listener does not let {address} in",
            $"listener.admin[shut]: the admin listener does not let {address} in",
            "stays shut");

    [Fact]
    public void Hours_are_told_by_the_clock_on_the_hubs_wall() =>
        Trace("192.0.2.7", null).Should().Equal(
            "range.matched[192.0.2.7 night user]: 192.0.2.7 of night (user) holds 192.0.2.7",
            "range.won[192.0.2.7 night only]: 192.0.2.7 of night wins: it is the only one",
            "user.outsideHours[night Tue 22:00-06:00 Tue 2030-01-01 12:00 +01:00 Europe/Berlin]: night may come in at Tue 22:00-06:00; it is Tue 2030-01-01 12:00 +01:00 in Europe/Berlin",
            "listener.users[shut]: the users' listener does not let 192.0.2.7 in",
            "listener.admin[shut]: the admin listener does not let 192.0.2.7 in",
            "stays shut");

    private static List<string> Trace(string address, string? app, bool isKnown = true)
    {
        var said = AccessExplanation.Of(Policy, ClientAddress.Parse(address), app is null ? null : AppSlug.Parse(app), isKnown, Now);
        return [.. said.Steps.Select(step => $"{step.Code}[{string.Join(' ', step.Values)}]: {step.Text}"), said.Allowed ? "opens" : "stays shut"];
    }

    private static User User(string name, Role role, string range) => new(UserName.Parse(name), role, [AddressRange.Parse(range)], [], null);
}
