using System.Collections.Immutable;
using CsCheck;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;

namespace StreamHub.Tests.Domain.Access;

public sealed class AccessRulesTests
{
    // A Tuesday, 12:00 in Berlin.
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 11, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly AppSlug Sales = AppSlug.Parse("sales");

    private static readonly Gen<User> Person =
        from ranges in Gen.OneOf("10.0.0.1", "10.0.0.0/31", "10.0.0.0/30", "10.0.0.0/24", "10.0.0.2", "0.0.0.0/0", "::/0", "2001:db8::1").Array[0, 4]
        from role in Gen.Enum<Role>()
        from disabled in Gen.Bool
        from days in Gen.Int[-1, 1]
        from hours in Gen.OneOf("", "Tue 08:00-18:00", "Tue 11:00-12:00", "Mon 23:00-13:00")
        from assigned in Gen.Bool
        select new User(
            UserName.Parse("x"), role, [.. ranges.Distinct().Select(AddressRange.Parse)], assigned ? [Sales] : [], days == 0 ? null : Now.AddDays(days))
        {
            Disabled = disabled,
            Hours = Hours(hours),
        };

    private static readonly Gen<ImmutableArray<User>> People =
        Person.Array[0, 6].Select(people => people.Select((user, index) => user with { Name = UserName.Parse($"u{index}") }).ToImmutableArray());

    private static readonly Gen<ClientAddress> Address =
        Gen.OneOf("10.0.0.0", "10.0.0.1", "::ffff:10.0.0.2", "10.0.0.3", "192.0.2.1", "2001:db8::1", "2001:db8::2").Select(ClientAddress.Parse);

    [Fact]
    public void Explanation_agrees_with_the_decision() =>
        People.Select(Address, Gen.Bool).Sample((users, address, isKnown) =>
        {
            var policy = AccessPolicy.Create(users, Berlin);
            var decision = policy.Decide(address, Now);
            var said = AccessExplanation.Of(policy, address, Sales, isKnown, Now);
            var codes = said.Steps.Select(step => step.Code).ToList();
            var state = decision switch
            {
                AccessDecision.Admitted => "user.inForce",
                AccessDecision.Disabled => "user.disabled",
                AccessDecision.Expired => "user.expired",
                AccessDecision.OutsideHours => "user.outsideHours",
                _ => "range.none",
            };

            // The winner, by search: the narrowest range, and of equal ones the lesser role's.
            var best = users.SelectMany(user => user.Addresses, (user, range) => (user, range))
                .Where(claim => claim.range.Contains(address))
                .OrderByDescending(claim => claim.range.Bits).ThenBy(claim => claim.user.Role).FirstOrDefault();
            var expected = best.user is not { } user ? "range.none"
                : user.Disabled ? "user.disabled"
                : user.Expires <= Now ? "user.expired"
                : !user.Hours.Allows(Now, Berlin) ? "user.outsideHours"
                : "user.inForce";
            var mayOpen = decision is AccessDecision.Admitted admitted && isKnown && admitted.User.MayOpen(Sales);
            var won = said.Steps.FirstOrDefault(step => step.Code == "range.won");
            return said.Decision == decision
                && state == expected
                && codes.Contains(state)
                && codes.Count(code => code.StartsWith("user.", StringComparison.Ordinal)) == (best.user is null ? 0 : 1)
                && said.Allowed == mayOpen
                && (best.user is null ? won is null : won!.Values[0] == best.range.ToString() && won.Values[1] == best.user.Name.ToString())
                && said.Steps.Single(step => step.Code == "listener.users").Values[0] == (decision is AccessDecision.Admitted ? "open" : "shut")
                && said.Steps.Single(step => step.Code == "listener.admin").Values[0] == (decision is AccessDecision.Admitted { User.Role: Role.Admin } ? "open" : "shut");
        }, iter: 20_000);

    [Fact]
    public void Every_overlap_is_found_and_its_winner_is_the_one_that_decides() =>
        People.Sample(users =>
        {
            var found = AccessOverlap.Find(users);
            var pairs =
                from one in users
                from other in users
                where one.Name != other.Name
                from narrower in one.Addresses
                from wider in other.Addresses
                where narrower.Overlaps(wider) && narrower.Bits > wider.Bits
                select new AccessOverlap(one.Name, narrower, other.Name, wider);
            return found.ToHashSet().SetEquals(pairs) && found.Count == pairs.Count();
        }, iter: 5_000);

    [Theory]
    [InlineData("10.0.0.0/29", Role.Admin, false)]
    [InlineData("10.0.0.0/28", Role.Admin, true)]
    [InlineData("10.0.0.0/16", Role.User, false)]
    [InlineData("10.0.0.0/15", Role.User, true)]
    [InlineData("::ffff:10.0.0.0/111", Role.User, true)]
    [InlineData("2001:db8::/64", Role.Admin, false)]
    [InlineData("2001:db8::/63", Role.Admin, true)]
    [InlineData("2001:db8::/48", Role.User, false)]
    [InlineData("2001:db8::/47", Role.User, true)]
    [InlineData("10.0.0.1", Role.Admin, false)]
    public void A_range_is_too_wide_by_role_and_family(string range, Role role, bool tooWide) =>
        AddressRange.Parse(range).IsTooWide(role).Should().Be(tooWide);

    [Fact]
    public void A_draft_replayed_over_visits_says_who_gains_and_who_loses()
    {
        var kim = new User(UserName.Parse("kim"), Role.User, [AddressRange.Parse("10.0.0.1")], [Sales]);
        var boss = new User(UserName.Parse("boss"), Role.Admin, [AddressRange.Parse("10.0.0.2")], []);
        var lee = new User(UserName.Parse("lee"), Role.User, [AddressRange.Parse("10.0.0.3")], []);
        var before = AccessPolicy.Create([kim, boss], Berlin);
        var after = AccessPolicy.Create([kim with { Hours = Hours("Tue 08:00-12:00") }, boss with { Role = Role.User, Apps = [Sales] }, lee], Berlin);
        Visit[] visits =
        [
            Of("10.0.0.1", Sales, false, -1, 3), // 11:00 to 12:00 in Berlin: stays
            Of("10.0.0.1", Sales, false, 0, 5), // 12:00: over
            Of("10.0.0.1", Sales, false, 1, 2),
            Of("10.0.0.2", Sales, false, 0, 4), // still assigned
            Of("10.0.0.2", null, true, 0, 8), // no admin any more
            Of("10.0.0.3", null, false, 0, 1), // new
            Of("10.0.0.3", Sales, false, 0, 9), // new, but without the app
            Of("10.0.0.9", null, false, 0, 9), // nobody's before and after
        ];
        var preview = AccessPreview.Replay(visits, before, after, Now);
        preview.Lines().Should().Equal(
            "would gain: 10.0.0.3 (lee) home, 1 visit",
            "would lose: 10.0.0.2 (boss) admin pages, 8 visits",
            "would lose: 10.0.0.1 (kim) sales, 7 visits");

        static Visit Of(string address, AppSlug? app, bool isAdmin, int hours, long count) =>
            new(ClientAddress.Parse(address), app, isAdmin, Now.AddHours(hours), count);
    }

    [Fact]
    public void An_address_that_changes_hands_is_a_loss_and_a_gain_and_a_new_name_is_neither()
    {
        var kim = new User(UserName.Parse("kim"), Role.User, [AddressRange.Parse("10.0.0.1")], [Sales]);
        var bob = new User(UserName.Parse("bob"), Role.User, [], [Sales]);
        var before = AccessPolicy.Create([kim, bob], Berlin);
        Visit[] visits = [new(ClientAddress.Parse("10.0.0.1"), Sales, false, Now, 3)];
        AccessPreview.Replay(visits, before, AccessPolicy.Create([kim with { Addresses = [] }, bob with { Addresses = kim.Addresses }], Berlin), Now)
            .Lines().Should().Equal("would gain: 10.0.0.1 (bob) sales, 3 visits", "would lose: 10.0.0.1 (kim) sales, 3 visits");

        var lee = kim with { Name = UserName.Parse("lee") };
        AccessPreview.Replay(visits, before, AccessPolicy.Create([lee, bob], Berlin), Now, new Dictionary<UserName, UserName> { [kim.Name] = lee.Name })
            .Lines().Should().BeEmpty();
    }

    private static WeekHours Hours(string text) =>
        text.Length > 0 && WeekHours.TryParse(text, out var window) ? WeekHours.Of([window]) : WeekHours.Always;
}
