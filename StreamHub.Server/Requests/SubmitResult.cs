namespace StreamHub.Server.Requests;

/// <summary>What came of asking for access.</summary>
internal enum SubmitResult
{
    /// <summary>The admins see it.</summary>
    Sent,

    /// <summary>The address has asked already and waits, or may not ask.</summary>
    Refused,

    /// <summary>The address, or everybody together, has asked too often.</summary>
    TooMany,
}
