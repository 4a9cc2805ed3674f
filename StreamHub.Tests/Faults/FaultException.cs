namespace StreamHub.Tests.Faults;

/// <summary>The hub did not do what a fault requires of it, or broke a promise; the message says which.</summary>
public sealed class FaultException : Exception
{
    public FaultException()
    {
    }

    public FaultException(string message)
        : base(message)
    {
    }

    public FaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
