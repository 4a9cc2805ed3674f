namespace StreamHub.Server.Hosting;

/// <summary>The configuration cannot be used; the message has a line for each failure.</summary>
public sealed class HubSettingsException : Exception
{
    /// <summary>Creates the exception.</summary>
    public HubSettingsException()
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public HubSettingsException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public HubSettingsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception from all failures.</summary>
    public HubSettingsException(IEnumerable<string> failures)
        : this(string.Join(Environment.NewLine, failures))
    {
    }
}
