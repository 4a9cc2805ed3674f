namespace StreamHub.Domain.Instances;

/// <summary>Why the hub no longer restarts an instance by itself.</summary>
public enum QuarantineReason
{
    /// <summary>It ends right after its start, every time: its configuration or its code is wrong.</summary>
    ConfigurationError,

    /// <summary>It failed too often in too short a time.</summary>
    CrashLoop,
}
