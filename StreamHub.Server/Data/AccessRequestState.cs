namespace StreamHub.Server.Data;

/// <summary>The state of a request for access.</summary>
public enum AccessRequestState
{
    /// <summary>Not decided yet.</summary>
    Open,

    /// <summary>Access or the app was granted.</summary>
    Approved,

    /// <summary>Declined; the visitor may ask again.</summary>
    Declined,

    /// <summary>Further requests from this address are refused.</summary>
    Blocked,

    /// <summary>Withdrawn by the visitor.</summary>
    Withdrawn,
}
