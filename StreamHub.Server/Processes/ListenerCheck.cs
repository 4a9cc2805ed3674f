namespace StreamHub.Server.Processes;

/// <summary>The owner of the listener on an app's port.</summary>
internal enum ListenerCheck
{
    /// <summary>No listener yet.</summary>
    None,

    /// <summary>A process of the run, on loopback only.</summary>
    Own,

    /// <summary>A process of the run, on an address that is reachable from other machines.</summary>
    Exposed,

    /// <summary>A process outside of the run.</summary>
    Foreign,
}
