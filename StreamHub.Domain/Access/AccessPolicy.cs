using System.Collections.Frozen;

namespace StreamHub.Domain.Access;

/// <summary>
/// The compiled rules: which user an address belongs to. Immutable; a lookup costs one hash probe for each
/// prefix length in use (the longest first) and allocates nothing.
/// </summary>
public sealed class AccessPolicy
{
    private readonly PrefixTable[] tables;

    private AccessPolicy(PrefixTable[] tables) => this.tables = tables;

    /// <summary>The policy that admits nobody.</summary>
    public static AccessPolicy Empty { get; } = new([]);

    /// <summary>Compiles the rules of the users. Where two users claim the same range the lesser role wins.</summary>
    public static AccessPolicy Create(IEnumerable<User> users)
    {
        ArgumentNullException.ThrowIfNull(users);
        var rules =
            from user in users
            from range in user.Addresses
            let admitted = new AccessDecision.Admitted(user, range)
            group new Rule(admitted, new AccessDecision.Expired(user, range)) by range into claims
            let winner = claims.OrderBy(claim => claim.Admitted.User.Role).First()
            group (claims.Key.Network.Bits, winner) by (claims.Key.Bits, claims.Key.IsIPv4) into table
            orderby table.Key.Bits descending
            select new PrefixTable(
                AddressRange.Mask(table.Key.Bits),
                table.Key.IsIPv4,
                table.ToFrozenDictionary(rule => rule.Bits, rule => rule.winner));
        return new AccessPolicy([.. rules]);
    }

    /// <summary>Decides for an address: the longest prefix that holds it wins, and only that one.</summary>
    public AccessDecision Decide(ClientAddress address, DateTimeOffset now)
    {
        var isIPv4 = address.IsIPv4;
        foreach (var table in tables)
        {
            if (table.IsIPv4 == isIPv4 && table.Rules.TryGetValue(address.Bits & table.Mask, out var rule))
            {
                return rule.Admitted.User.Expires <= now ? rule.Expired : rule.Admitted;
            }
        }

        return AccessDecision.Unregistered.Instance;
    }

    private readonly record struct Rule(AccessDecision.Admitted Admitted, AccessDecision.Expired Expired);

    private sealed record PrefixTable(UInt128 Mask, bool IsIPv4, FrozenDictionary<UInt128, Rule> Rules);
}
