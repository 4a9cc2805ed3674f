namespace StreamHub.Server.Requests;

/// <summary>The result of submitting a request for access.</summary>
internal enum SubmitResult
{
    /// <summary>Visible to the admins.</summary>
    Sent,

    /// <summary>The address has an open request or is blocked.</summary>
    Refused,

    /// <summary>A limit is reached: of the address, its site or all requests.</summary>
    TooMany,
}
