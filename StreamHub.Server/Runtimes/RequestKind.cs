namespace StreamHub.Server.Runtimes;

/// <summary>The purpose of a request to an app.</summary>
internal enum RequestKind
{
    /// <summary>A user opens a page of the app: the app is started, and its progress is shown.</summary>
    Page,

    /// <summary>The WebSocket of a session: it takes a seat, and its messages count as use.</summary>
    Session,

    /// <summary>A page without a session checks whether it may connect. Forgotten tabs poll forever, so it starts nothing.</summary>
    Poll,

    /// <summary>What an open page of the runtime loads by itself: it starts nothing.</summary>
    Part,

    /// <summary>Any other request, as of a program or of a page's own script: the app is started, and the request waits for it.</summary>
    Call,

    /// <summary>A path for operators, closed to visitors.</summary>
    Closed,
}
