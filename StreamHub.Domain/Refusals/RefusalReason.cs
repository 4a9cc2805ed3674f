using StreamHub.Domain.Access;

namespace StreamHub.Domain.Refusals;

/// <summary>Why a request was refused.</summary>
public enum RefusalReason
{
    /// <summary>The address belongs to no user.</summary>
    Unregistered,

    /// <summary>The address belongs to a disabled user.</summary>
    Disabled,

    /// <summary>The address belongs to a user whose access has expired.</summary>
    Expired,

    /// <summary>The address belongs to a user outside their permitted hours.</summary>
    OutsideHours,

    /// <summary>A user requested an admin page.</summary>
    NotAdmin,

    /// <summary>An unknown browser at an admin's address, where only known browsers are admitted.</summary>
    Browser,

    /// <summary>A user requested an app that is unassigned or does not exist.</summary>
    App,

    /// <summary>The proxy did not forward the client address.</summary>
    Address,

    /// <summary>The <c>Host</c> header names another host.</summary>
    Host,

    /// <summary>The request is cross-site (<c>Origin</c>).</summary>
    Origin,

    /// <summary>The path or the message length is ambiguous.</summary>
    Path,

    /// <summary>The client is a process of one of the hub's own apps.</summary>
    OwnApp,

    /// <summary>The access decision failed with an exception.</summary>
    Fault,

    /// <summary>The database is unavailable, and the last good policy does not admit the address.</summary>
    Database,

    /// <summary>The address exceeded its request rate limit.</summary>
    Rate,

    /// <summary>The address, all unauthenticated clients together, or all clients reached their connection limit.</summary>
    Connections,

    /// <summary>The address or all clients reached their WebSocket limit.</summary>
    Sockets,

    /// <summary>The message is invalid HTTP, too large or too slow.</summary>
    Message,

    /// <summary>The bearer token is unknown, revoked or expired.</summary>
    Token,

    /// <summary>The one-time admin link is unknown, used or expired.</summary>
    Link,

    /// <summary>A request for access from a blocked address, or from an address with a pending request.</summary>
    Plea,

    /// <summary>
    /// Not a refusal: a user's browser connected from another user's address. Recorded like a refusal, because the address may
    /// have changed owner.
    /// </summary>
    Device,

    /// <summary>A valid bearer token without permission for the request, or on an endpoint without token support.</summary>
    Scope,
}
