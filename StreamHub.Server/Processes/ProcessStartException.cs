namespace StreamHub.Server.Processes;

/// <summary>A process could not be started; the message is for an admin.</summary>
internal sealed class ProcessStartException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>
    /// Whether the machine lacks a resource that any process needs: memory, ids, descriptors, disk space. Else the app is at
    /// fault.
    /// </summary>
    public bool IsShortage { get; init; }
}
