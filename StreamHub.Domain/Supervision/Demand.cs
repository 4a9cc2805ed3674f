using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>Who may turn an instance on, over which obstacles.</summary>
internal static class Demand
{
    /// <summary>A visit turns on what is off.</summary>
    public static Instance Visit(Instance instance) =>
        instance.Desired is Desired.Off ? instance with { Desired = Desired.On.Instance } : instance;

    /// <summary>A visitor's second try also ends a pause or a quarantine.</summary>
    public static Instance Retry(Instance instance) =>
        instance.Desired is Desired.Held ? instance : Admin(instance);

    /// <summary>An admin's start also releases a hold.</summary>
    public static Instance Admin(Instance instance) => instance with
    {
        Desired = Desired.On.Instance,
        Waiting = instance.Waiting is Waiting.Queued ? instance.Waiting : Waiting.Nothing.Instance,
        Failures = instance.Waiting is Waiting.Quarantined ? [] : instance.Failures,
    };
}
