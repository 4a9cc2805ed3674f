namespace StreamHub.Domain.Apps;

/// <summary>Whether the hub visits an app itself, which runs its script before a process takes over from another.</summary>
public enum CheckPolicy
{
    On,

    Off,
}
