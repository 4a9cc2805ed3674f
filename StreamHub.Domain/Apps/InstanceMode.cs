namespace StreamHub.Domain.Apps;

/// <summary>How instances are shared among users.</summary>
public enum InstanceMode
{
    /// <summary>One instance for all users.</summary>
    Shared,

    /// <summary>One instance for each user.</summary>
    PerUser,
}
