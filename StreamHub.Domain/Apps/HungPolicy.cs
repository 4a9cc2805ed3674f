namespace StreamHub.Domain.Apps;

/// <summary>What is done about a run that no longer does its work.</summary>
public enum HungPolicy
{
    /// <summary>It is replaced.</summary>
    Restart,

    /// <summary>It is shown, and a person decides.</summary>
    Show,
}
