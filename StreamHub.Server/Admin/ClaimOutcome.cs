namespace StreamHub.Server.Admin;

/// <summary>What came of a one-time admin link.</summary>
internal enum ClaimOutcome
{
    /// <summary>The address is an admin's now.</summary>
    Claimed,

    /// <summary>The link was never made, was used before or is too old.</summary>
    Invalid,

    /// <summary>Too many wrong links in the last minute; the link was not looked at.</summary>
    TooManyTries,
}
