namespace StreamHub.Server.Claim;

/// <summary>What a one-time admin link is, or what came of it.</summary>
internal enum ClaimOutcome
{
    /// <summary>It can be redeemed.</summary>
    Open,

    /// <summary>It was redeemed: the address is an admin's now.</summary>
    Claimed,

    /// <summary>It was redeemed before.</summary>
    Used,

    /// <summary>It is older than a day.</summary>
    Expired,

    /// <summary>It was never made, is incomplete, or is older than <see cref="ClaimTokens.Memory"/>.</summary>
    Unknown,

    /// <summary>It can be redeemed, but not for this address; the audit says why.</summary>
    Refused,

    /// <summary>An unknown link, and too many of them from this network in the last minute.</summary>
    TooManyTries,
}
