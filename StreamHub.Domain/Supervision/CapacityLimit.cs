namespace StreamHub.Domain.Supervision;

/// <summary>What an instance that is wanted waits for.</summary>
public enum CapacityLimit
{
    /// <summary>Others come up at the moment, as many as the machine has cores for.</summary>
    Starts,

    /// <summary>As many processes run as may.</summary>
    Runs,

    /// <summary>The machine's free memory is less than the app is expected to need.</summary>
    Memory,
}
