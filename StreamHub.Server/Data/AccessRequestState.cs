namespace StreamHub.Server.Data;

/// <summary>What became of a visitor's request.</summary>
public enum AccessRequestState
{
    /// <summary>An admin has yet to decide.</summary>
    Open,

    /// <summary>An admin let the visitor in, or gave the app.</summary>
    Approved,

    /// <summary>An admin said no; the visitor may ask again.</summary>
    Declined,

    /// <summary>An admin wants to hear no more from this address.</summary>
    Blocked,

    /// <summary>The visitor took it back.</summary>
    Withdrawn,
}
