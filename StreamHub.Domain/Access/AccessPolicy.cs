using System.Collections.Frozen;
using System.Collections.Immutable;

namespace StreamHub.Domain.Access;

/// <summary>
/// The compiled access rules: maps an address to a user. Immutable; a lookup costs one hash probe for each prefix length in use
/// (longest first) and allocates nothing.
/// </summary>
public sealed class AccessPolicy
{
    private readonly PrefixTable[] tables;

    private AccessPolicy(PrefixTable[] tables, ImmutableArray<User> users, TimeZoneInfo zone)
    {
        this.tables = tables;
        Users = users;
        Zone = zone;
    }

    /// <summary>A policy that admits no client.</summary>
    public static AccessPolicy Empty { get; } = new([], [], TimeZoneInfo.Utc);

    /// <summary>The users that the rules were compiled from.</summary>
    public ImmutableArray<User> Users { get; }

    /// <summary>The time zone of the users' permitted hours.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Compiles the rules of the users. Where two users claim the same range the lesser role wins.</summary>
    /// <param name="zone">The hub's time zone, for permitted hours; UTC by default.</param>
    public static AccessPolicy Create(IEnumerable<User> users, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(users);
        ImmutableArray<User> all = [.. users];
        var rules =
            from user in all
            from range in user.Addresses
            let admitted = new AccessDecision.Admitted(user, range)
            let rule = new Rule(
                admitted,
                new AccessDecision.Disabled(user, range),
                new AccessDecision.Expired(user, range),
                new AccessDecision.OutsideHours(user, range))
            group rule by range into claims
            let winner = claims.OrderBy(claim => claim.Admitted.User.Role).First()
            group (claims.Key.Network.Bits, winner) by (claims.Key.Bits, claims.Key.IsIPv4) into table
            orderby table.Key.Bits descending
            select new PrefixTable(
                AddressRange.Mask(table.Key.Bits),
                table.Key.IsIPv4,
                table.ToFrozenDictionary(rule => rule.Bits, rule => rule.winner));
        return new AccessPolicy([.. rules], all, zone ?? TimeZoneInfo.Utc);
    }

    /// <summary>Decides for an address: only the longest prefix that contains it counts.</summary>
    public AccessDecision Decide(ClientAddress address, DateTimeOffset now) => Decide(address, now, now);

    /// <summary>
    /// Decides with the users' state at one instant and their permitted hours at another: replays a past visit against today's
    /// rules.
    /// </summary>
    /// <param name="clock">The instant at which permitted hours are evaluated.</param>
    public AccessDecision Decide(ClientAddress address, DateTimeOffset now, DateTimeOffset clock)
    {
        var isIPv4 = address.IsIPv4;
        foreach (var table in tables)
        {
            if (table.IsIPv4 == isIPv4 && table.Rules.TryGetValue(address.Bits & table.Mask, out var rule))
            {
                var user = rule.Admitted.User;
                return user.Disabled ? rule.Disabled
                    : user.Expires <= now ? rule.Expired
                    : user.Hours.Allows(clock, Zone) ? rule.Admitted
                    : rule.OutsideHours;
            }
        }

        return AccessDecision.Unregistered.Instance;
    }

    private sealed record Rule(
        AccessDecision.Admitted Admitted, AccessDecision.Disabled Disabled, AccessDecision.Expired Expired, AccessDecision.OutsideHours OutsideHours);

    private sealed record PrefixTable(UInt128 Mask, bool IsIPv4, FrozenDictionary<UInt128, Rule> Rules);
}
