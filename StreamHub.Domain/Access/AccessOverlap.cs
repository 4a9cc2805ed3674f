namespace StreamHub.Domain.Access;

/// <summary>Two users whose ranges share addresses; the narrower range wins these, as it always does.</summary>
/// <param name="Winner">Whose the shared addresses are.</param>
/// <param name="Narrower">The winner's range; it lies within the other.</param>
/// <param name="Loser">Who does not get them.</param>
public sealed record AccessOverlap(UserName Winner, AddressRange Narrower, UserName Loser, AddressRange Wider)
{
    /// <summary>The overlap as a sentence.</summary>
    public override string ToString() => $"{Narrower} of {Winner} lies within {Wider} of {Loser}: {Winner} wins there";

    /// <summary>Every overlap between two users, narrowest first. Equal ranges of two users are no overlap but an error.</summary>
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
