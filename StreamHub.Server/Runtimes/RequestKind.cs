namespace StreamHub.Server.Runtimes;

/// <summary>What a request to an app is for.</summary>
internal enum RequestKind
{
    /// <summary>A person opens a page of the app: it starts for them, and they are shown its progress.</summary>
    Page,

    /// <summary>The WebSocket of a session: it takes a seat, and its messages count as use.</summary>
    Session,

    /// <summary>A page without a session asks whether it may connect. Forgotten tabs do so for ever, so that it starts nothing.</summary>
    Poll,

    /// <summary>Anything else: it starts nothing.</summary>
    Resource,

    /// <summary>An operator's address, which visitors do not reach.</summary>
    Closed,
}
