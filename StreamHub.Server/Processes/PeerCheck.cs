namespace StreamHub.Server.Processes;

/// <summary>The owner of the other end of a connection from this machine.</summary>
internal enum PeerCheck
{
    /// <summary>A process of no run.</summary>
    Foreign,

    /// <summary>A process of a run, or one that is indistinguishable from it.</summary>
    Own,

    /// <summary>None: the process closed the connection, or exited.</summary>
    Gone,
}
