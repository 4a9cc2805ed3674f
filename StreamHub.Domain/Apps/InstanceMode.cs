namespace StreamHub.Domain.Apps;

/// <summary>For whom an app has an instance of its own.</summary>
public enum InstanceMode
{
    /// <summary>One for everybody.</summary>
    Shared,

    /// <summary>One for each user.</summary>
    PerUser,
}
