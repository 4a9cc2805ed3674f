namespace StreamHub.Domain.Access;

/// <summary>Why a request was turned away.</summary>
public enum RefusalReason
{
    /// <summary>The address is nobody's.</summary>
    Unregistered,

    /// <summary>The address is that of a user whom an admin has shut out for the time being.</summary>
    Disabled,

    /// <summary>The address is that of a user whose time is over.</summary>
    Expired,

    /// <summary>The address is that of a user who may come in at other hours.</summary>
    OutsideHours,

    /// <summary>A user asked for what only admins may see.</summary>
    NotAdmin,

    /// <summary>A browser at an admin's address that is not known as theirs, where only such are let in.</summary>
    Browser,

    /// <summary>A user asked for an app that is not theirs, or that does not exist.</summary>
    App,

    /// <summary>The proxy in front did not tell the address of the client.</summary>
    Address,

    /// <summary>The name in the address is not the hub's.</summary>
    Host,

    /// <summary>A page of another origin made the request.</summary>
    Origin,

    /// <summary>The path or the length of the message could be read in two ways.</summary>
    Path,

    /// <summary>The client is a process of one of the hub's own apps.</summary>
    OwnApp,

    /// <summary>Access could not be decided.</summary>
    Fault,

    /// <summary>The database could not be read, and the last good policy lets nobody of this address in, or not any more.</summary>
    Database,

    /// <summary>The address made more requests than it may.</summary>
    Rate,

    /// <summary>The address, strangers together or all clients had as many connections open as they may.</summary>
    Connections,

    /// <summary>The address or all clients had as many WebSockets open as they may.</summary>
    Sockets,

    /// <summary>The message was none that HTTP knows, too large, or came too slowly.</summary>
    Message,

    /// <summary>A bearer token that the hub does not know, that was taken back or whose time is over.</summary>
    Token,

    /// <summary>A one-time admin link that was never made, was used before or is too old.</summary>
    Link,

    /// <summary>A request for access from an address that an admin has blocked, or whose request waits already.</summary>
    Plea,

    /// <summary>Nobody was turned away: the browser of one user came in from an address of another. Written down as refusals are, for whose it is may have changed.</summary>
    Device,

    /// <summary>A bearer token in force, for what it may not do or where none is accepted.</summary>
    Scope,
}
