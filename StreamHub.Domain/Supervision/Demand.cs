using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>Which requests turn an instance on, and which obstacles they override.</summary>
internal static class Demand
{
    /// <summary>Whether a visit would change anything.</summary>
    public static bool AwaitsVisit(Instance instance) =>
        instance is { IsRemoved: false, Desired: Desired.Off } or { IsRemoved: false, Waiting: Waiting.Queued { Reason: QueueReason.Warm } };

    /// <summary>A visit turns an instance on if it is off, and gives a warm start in the queue the priority of demand.</summary>
    public static Instance Visit(Instance instance, StepContext context) => instance switch
    {
        { Desired: Desired.Off } => instance with { Desired = Desired.On.Instance },
        { Waiting: Waiting.Queued { Reason: QueueReason.Warm } } => instance with { Waiting = new Waiting.Queued(context.Now, QueueReason.Demand) },
        _ => instance,
    };

    /// <summary>A visitor's retry also ends a backoff or a quarantine.</summary>
    public static Instance Retry(Instance instance, StepContext context) =>
        instance.Desired is Desired.Held ? instance : Admin(instance, context);

    /// <summary>An admin's start also releases a hold.</summary>
    public static Instance Admin(Instance instance, StepContext context) => instance.Waiting is Waiting.Queued
        ? Visit(instance, context)
        : instance with
        {
            Desired = Desired.On.Instance,
            Waiting = Waiting.Nothing.Instance,
            Failures = instance.Waiting is Waiting.Quarantined ? [] : instance.Failures,
        };
}
