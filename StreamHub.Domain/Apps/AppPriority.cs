namespace StreamHub.Domain.Apps;

/// <summary>Whose unused runs make room first: those of the lowest.</summary>
public enum AppPriority
{
    /// <summary>Goes first.</summary>
    Low,

    /// <summary>Goes when no lower one is unused.</summary>
    Normal,

    /// <summary>Goes last.</summary>
    High,
}
