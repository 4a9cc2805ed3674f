namespace StreamHub.Server.Processes;

/// <summary>Who listens on an app's port.</summary>
internal enum ListenerCheck
{
    /// <summary>Nobody yet.</summary>
    None,

    /// <summary>A process of the run, on loopback only.</summary>
    Own,

    /// <summary>A process of the run, on an address that others reach.</summary>
    Exposed,

    /// <summary>A process that is not of the run.</summary>
    Foreign,
}
