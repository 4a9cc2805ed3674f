namespace StreamHub.Server.Processes;

/// <summary>A process could not be started; the message says what and why, for an admin.</summary>
internal sealed class ProcessStartException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the machine lacks what any process needs: memory, ids, descriptors, room on its disk. Else it is what was to be started.</summary>
    public bool IsShortage { get; init; }
}
