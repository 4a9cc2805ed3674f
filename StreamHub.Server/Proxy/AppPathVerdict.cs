namespace StreamHub.Server.Proxy;

/// <summary>What a raw request target under <c>/app</c> is.</summary>
internal enum AppPathVerdict
{
    /// <summary>The address of an app, in its one canonical spelling.</summary>
    Valid,

    /// <summary>No address that any app could have.</summary>
    NotFound,

    /// <summary>A spelling that the hub and an app might read differently.</summary>
    Refused,
}
