namespace StreamHub.Server.Processes;

/// <summary>A process could not be started; the message says what and why, for an admin.</summary>
internal sealed class ProcessStartException : Exception
{
    /// <summary>Whether the machine lacks what any process needs: memory, ids, descriptors, room on its disk. Else it is what was to be started.</summary>
    public bool IsShortage { get; init; }

    /// <summary>Creates the exception.</summary>
    public ProcessStartException()
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public ProcessStartException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public ProcessStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
