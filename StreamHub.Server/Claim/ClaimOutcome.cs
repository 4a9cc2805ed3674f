namespace StreamHub.Server.Claim;

/// <summary>What came of a one-time admin link.</summary>
internal enum ClaimOutcome
{
    /// <summary>The address is an admin's now.</summary>
    Claimed,

    /// <summary>The link was never made, was used before or is too old.</summary>
    Invalid,

    /// <summary>The link is right, but the change it asks for is refused; the audit says why.</summary>
    Refused,

    /// <summary>A wrong link, and too many of them from this network in the last minute.</summary>
    TooManyTries,
}
