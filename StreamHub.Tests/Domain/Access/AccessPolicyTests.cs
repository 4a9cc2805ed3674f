using System.Collections.Immutable;
using System.Net;
using CsCheck;
using StreamHub.Domain.Access;

namespace StreamHub.Tests.Domain.Access;

public sealed class AccessPolicyTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Few distinct bits make overlaps and equal ranges frequent.
    private static readonly Gen<ClientAddress> Address =
        from low in Gen.Int[0, 7]
        from high in Gen.Int[0, 1]
        from family in Gen.Int[0, 2]
        select ClientAddress.From(family switch
        {
            0 => new IPAddress([10, (byte)(high << 7), 0, (byte)low]),
            1 => IPAddress.Parse($"::{high:x}:{low:x}"),
            _ => IPAddress.Parse($"2001:db8:{high << 15:x}::{low:x}"),
        });

    private static readonly Gen<AddressRange> Range =
        from address in Address
        from length in Gen.Int[0, 128]
        let family = address.IsIPv4 ? 32 : 128
        let prefix = Math.Min(length, family)
        select Cut(address, prefix, family);

    private static readonly Gen<ImmutableArray<User>> Users =
        (from ranges in Range.Array[0, 4]
         from role in Gen.Enum<Role>()
         from days in Gen.Int[-1, 1]
         select (ranges, role, days))
        .Array[0, 8]
        .Select(rows => rows
            .Select((row, index) => Person($"u{index}", row.role, row.days == 0 ? null : Now.AddDays(row.days), row.ranges))
            .ToImmutableArray());

    [Fact]
    public void The_longest_prefix_wins_as_a_search_through_all_rules_says() =>
        Users.Select(Address).Sample((users, address) =>
        {
            var decision = AccessPolicy.Create(users).Decide(address, Now);
            var best = users
                .SelectMany(user => user.Addresses, (user, range) => (user, range))
                .Where(claim => claim.range.Contains(address))
                .OrderByDescending(claim => claim.range.Bits).ThenBy(claim => claim.user.Role)
                .Select(claim => ((User User, AddressRange Range)?)claim)
                .FirstOrDefault();
            return (decision, best) switch
            {
                (AccessDecision.Unregistered, null) => true,
                (AccessDecision.Admitted admitted, var (user, range)) => admitted.User == user && admitted.Rule == range && !(user.Expires <= Now),
                (AccessDecision.Expired expired, var (user, range)) => expired.User == user && expired.Rule == range && user.Expires <= Now,
                _ => false,
            };
        }, iter: 20_000);

    [Fact]
    public void Nobody_is_admitted_by_an_empty_policy() =>
        AccessPolicy.Empty.Decide(ClientAddress.Parse("127.0.0.1"), Now).Should().Be(AccessDecision.Unregistered.Instance);

    [Fact]
    public void Two_users_of_one_range_get_the_lesser_role()
    {
        var range = AddressRange.Parse("10.0.0.0/24");
        var admin = Person("admin", Role.Admin, null, range);
        var user = Person("user", Role.User, null, range);
        foreach (var order in new User[][] { [admin, user], [user, admin] })
        {
            AccessPolicy.Create(order).Decide(ClientAddress.Parse("10.0.0.9"), Now)
                .Should().BeOfType<AccessDecision.Admitted>().Which.User.Should().Be(user);
        }
    }

    [Fact]
    public void A_user_ends_at_the_instant_of_expiry()
    {
        var address = ClientAddress.Parse("10.0.0.9");
        var policy = AccessPolicy.Create([Person("kim", Role.User, Now, AddressRange.Single(address))]);
        policy.Decide(address, Now.AddTicks(-1)).Should().BeOfType<AccessDecision.Admitted>();
        policy.Decide(address, Now).Should().BeOfType<AccessDecision.Expired>();
    }

    [Fact]
    public void An_expired_user_is_not_rescued_by_a_wider_range()
    {
        var address = ClientAddress.Parse("10.0.0.9");
        var policy = AccessPolicy.Create(
        [
            Person("kim", Role.User, Now, AddressRange.Single(address)),
            Person("all", Role.User, null, AddressRange.Parse("10.0.0.0/8")),
        ]);
        policy.Decide(address, Now).Should().BeOfType<AccessDecision.Expired>();
    }

    private static User Person(string name, Role role, DateTimeOffset? expires, params AddressRange[] ranges) =>
        new(UserName.Parse(name), role, [.. ranges], [], expires);

    private static AddressRange Cut(ClientAddress address, int prefix, int family)
    {
        var bytes = address.ToIPAddress().GetAddressBytes();
        for (var bit = prefix; bit < family; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return AddressRange.Parse($"{new IPAddress(bytes)}/{prefix}");
    }
}
