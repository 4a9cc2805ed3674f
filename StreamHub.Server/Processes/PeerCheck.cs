namespace StreamHub.Server.Processes;

/// <summary>Whose the other end of a connection from this machine is.</summary>
internal enum PeerCheck
{
    /// <summary>A process that is of no run.</summary>
    Foreign,

    /// <summary>A process of a run, or one that cannot be told from it.</summary>
    Own,

    /// <summary>Nobody's any more: its process closed it, or ended.</summary>
    Gone,
}
