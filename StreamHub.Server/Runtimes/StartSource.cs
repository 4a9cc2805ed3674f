namespace StreamHub.Server.Runtimes;

/// <summary>Where a variable or an option of a start comes from; the later one wins, and the hub's own last.</summary>
internal enum StartSource
{
    /// <summary>The hub's environment: a fact of the machine.</summary>
    Machine,

    /// <summary>A default of the hub.</summary>
    Suggested,

    /// <summary>A file of the app's author.</summary>
    File,

    /// <summary><c>StreamHub:Apps:Environment</c>.</summary>
    HubWide,

    /// <summary>The app's entry.</summary>
    Entry,

    /// <summary>The hub, in any case.</summary>
    Required,
}
