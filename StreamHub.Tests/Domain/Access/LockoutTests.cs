using StreamHub.Domain.Access;

namespace StreamHub.Tests.Domain.Access;

public sealed class LockoutTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ClientAddress Own = ClientAddress.Parse("10.0.0.1");
    private static readonly User Boss = new(UserName.Parse("boss"), Role.Admin, [AddressRange.Single(Own)], []);
    private static readonly User Second = new(UserName.Parse("second"), Role.Admin, [AddressRange.Single(ClientAddress.Parse("10.0.0.2"))], []);

    [Fact]
    public void The_last_admin_is_missed_however_it_is_lost()
    {
        User[] lost = [Boss with { Role = Role.User }, Boss with { Disabled = true }, Boss with { Addresses = [] }, Boss with { Expires = Now }];
        lost.Should().OnlyContain(user => Between(One(Boss), One(user), null) is Lockout.NoAdmin);
        Between([Boss, Second], [Second], null).Should().BeNull();
        Between([], [Boss with { Disabled = true }], null).Should().BeNull("there was none before");
    }

    [Fact]
    public void The_last_admin_at_all_times_is_missed()
    {
        Between([Boss, Second with { Hours = Mornings }], [Boss with { Hours = Mornings }, Second with { Hours = Mornings }], null).Should().BeOfType<Lockout.NoLastingAdmin>();
        Between([Boss], [Boss with { Expires = Now.AddDays(1) }], null).Should().BeOfType<Lockout.NoLastingAdmin>();
        Between([Boss], [Boss with { Hours = Hours("Mon-Sun 00:00-24:00") }], null).Should().BeNull("a whole week is no limit");
    }

    [Fact]
    public void The_own_access_is_compared_with_what_it_was()
    {
        Between([Boss, Second], [Second], Own).Should().BeOfType<Lockout.Own>();
        Between([Boss, Second], [Boss with { Role = Role.User }, Second], Own).Should().BeOfType<Lockout.Own>();
        Between([Boss, Second], [Boss with { Hours = Noons }, Second], Own).Should().Be(new Lockout.OwnAtTimes(Noons));
        Between([Boss with { Hours = Noons }, Second], [Boss with { Hours = Noons, AllowWide = true }, Second], Own).Should().BeNull();
        Between([Boss, Second], [Boss with { Expires = Now.AddDays(1) }, Second], Own).Should().Be(new Lockout.OwnAt(Now.AddDays(1)));
        Between([Boss with { Expires = Now.AddDays(1) }, Second], [Boss with { Expires = Now.AddDays(2) }, Second], Own).Should().BeNull("a later end shuts nobody out");
        Between([Boss, Second], [Second], ClientAddress.Parse("10.0.0.3")).Should().BeNull("no admin's address");
    }

    private static WeekHours Mornings => Hours("Mon-Fri 08:00-12:00");

    private static WeekHours Noons => Hours("Mon-Fri 11:00-13:00");

    private static WeekHours Hours(string text) => WeekHours.TryParse(text, out var window) ? WeekHours.Of([window]) : throw new FormatException(text);

    private static User[] One(User user) => [user];

    private static Lockout? Between(User[] before, User[] after, ClientAddress? own) => Lockout.Of(AccessPolicy.Create(before), AccessPolicy.Create(after), own, Now);
}
