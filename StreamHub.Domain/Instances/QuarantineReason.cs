namespace StreamHub.Domain.Instances;

/// <summary>Why the hub stopped its automatic restarts of an instance.</summary>
public enum QuarantineReason
{
    /// <summary>Every run exits right after its start: the configuration or the code is wrong.</summary>
    ConfigurationError,

    /// <summary>Too many failures in too short a time.</summary>
    CrashLoop,
}
