namespace StreamHub.Server.Instances.Processes;

/// <summary>A process could not be started; the message says what and why, for an admin.</summary>
public sealed class ProcessStartException : Exception
{
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
