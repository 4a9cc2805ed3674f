namespace StreamHub.Server.Runs;

/// <summary>Every port of the range is in use.</summary>
internal sealed class PortsExhaustedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PortsExhaustedException()
        : this("No port for apps is free.")
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public PortsExhaustedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public PortsExhaustedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
