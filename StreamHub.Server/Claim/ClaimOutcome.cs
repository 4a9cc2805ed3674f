namespace StreamHub.Server.Claim;

/// <summary>The state of a one-time admin link, or the result of redeeming it.</summary>
internal enum ClaimOutcome
{
    /// <summary>Valid.</summary>
    Open,

    /// <summary>Redeemed now: the address belongs to an admin.</summary>
    Claimed,

    /// <summary>Redeemed before.</summary>
    Used,

    /// <summary>Older than a day.</summary>
    Expired,

    /// <summary>Never issued, incomplete, or older than <see cref="ClaimTokens.Memory"/>.</summary>
    Unknown,

    /// <summary>Valid, but not for this address; the audit has the reason.</summary>
    Refused,

    /// <summary>Unknown, and too many unknown links from this network in the last minute.</summary>
    TooManyTries,
}
