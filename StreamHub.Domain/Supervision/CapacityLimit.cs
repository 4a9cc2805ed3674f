namespace StreamHub.Domain.Supervision;

/// <summary>The missing resource of a queued instance.</summary>
public enum CapacityLimit
{
    /// <summary>The limit of simultaneous starts is reached: the number of cores.</summary>
    Starts,

    /// <summary>The limit of living processes is reached.</summary>
    Runs,

    /// <summary>The machine's free memory is below the app's expected need.</summary>
    Memory,
}
