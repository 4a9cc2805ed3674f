namespace StreamHub.Domain.Access;

/// <summary>Two users with ranges that share addresses; the narrower range always wins the shared addresses.</summary>
/// <param name="Winner">The user with the narrower range, who owns the shared addresses.</param>
/// <param name="Narrower">The winner's range; it lies within the other.</param>
/// <param name="Loser">The user with the wider range.</param>
public sealed record AccessOverlap(UserName Winner, AddressRange Narrower, UserName Loser, AddressRange Wider)
{
    public override string ToString() => $"{Narrower} of {Winner} lies within {Wider} of {Loser}: {Winner} wins there";

    /// <summary>Every overlap between two users, narrowest first. Equal ranges of two users are an error and not listed here.</summary>
    public static IReadOnlyList<AccessOverlap> Find(IEnumerable<User> users)
    {
        var claims = users.SelectMany(user => user.Addresses, (user, range) => (user.Name, Range: range)).ToList();
        var byRange = claims.ToLookup(claim => claim.Range, claim => claim.Name);
        var lengths = claims.Select(claim => (claim.Range.Bits, claim.Range.IsIPv4)).Distinct().ToList();
        return
        [
            .. from claim in claims
               from length in lengths
               where length.IsIPv4 == claim.Range.IsIPv4 && length.Bits < claim.Range.Bits
               let wider = claim.Range.Widen(length.Bits)
               from owner in byRange[wider]
               where owner != claim.Name
               orderby claim.Range.Bits descending, wider.Bits descending
               select new AccessOverlap(claim.Name, claim.Range, owner, wider),
        ];
    }
}
