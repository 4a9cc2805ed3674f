namespace StreamHub.Domain.Apps;

/// <summary>Whether the hub visits an app itself, which runs its script.</summary>
public enum CheckPolicy
{
    On,

    Off,
}
