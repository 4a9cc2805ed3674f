namespace StreamHub.Domain.Apps;

/// <summary>The reaction to an unresponsive run.</summary>
public enum HungPolicy
{
    /// <summary>The run is replaced.</summary>
    Restart,

    /// <summary>The run is only reported; an admin decides.</summary>
    Show,
}
