using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>Whether there is capacity for one more run, which run is stopped to free capacity, and the expected wait.</summary>
public static class Capacity
{
    /// <summary>The assumed start time before any start was measured.</summary>
    private static readonly TimeSpan TypicalStart = TimeSpan.FromSeconds(5);

    /// <summary>An instance's place in the queue; null when it is not queued, or waits for its own run to exit.</summary>
    public static QueuePlace? Place(HubState state, InstanceKey key, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(context);
        if (state.Find(key) is not { Waiting: Waiting.Queued, IsClearing: false })
        {
            return null;
        }

        var queue = state.Queue.ToArray();
        var index = Array.FindIndex(queue, instance => instance.Key == key);
        var limit = Lack(state, queue[0], context) ?? CapacityLimit.Starts;
        var start = AverageStart(state);
        DateTimeOffset? expected = limit == CapacityLimit.Starts
            ? context.Now + (start * ((index / context.Limits.MaxStarting) + 1))
            : state.Runs.Select(owned => End(owned.Instance, owned.Run, context)).OfType<DateTimeOffset>().Order().Skip(index)
                .Select(end => (DateTimeOffset?)(Later(end, context) + start)).FirstOrDefault();
        return new QueuePlace(index + 1, limit, expected);
    }

    /// <summary>
    /// When all seats of an instance are free without further use: a replacement takes over, or the ready run is stopped as
    /// idle; null for never.
    /// </summary>
    public static DateTimeOffset? Seats(HubState state, Instance instance, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(context);
        return instance.StartingRun is { } next ? Later(next.Created + AverageStart(state), context)
            : instance.ReadyRun is { } run ? Idleness.Stop(instance, run, context.Limits)
            : null;
    }

    /// <summary>The missing resource of the next instance in the queue; null when it can start.</summary>
    internal static CapacityLimit? Lack(HubState state, Instance next, StepContext context)
    {
        var runs = state.Runs.ToArray();
        var starting = runs.Where(owned => owned.Run.State is RunState.Starting).ToArray();
        return runs.Length >= context.Limits.MaxRunning ? CapacityLimit.Runs
            // An app with a longer start timeout of its own mostly waits: after the usual time it keeps no other one waiting.
            : starting.Count(owned => IsWithinUsualTime(owned.Instance.App, (RunState.Starting)owned.Run.State, context)) >= context.Limits.MaxStarting ? CapacityLimit.Starts
            // Without living runs no memory would ever become free: the start is attempted.
            : runs.Length > 0 && context.Memory is { } memory
                && memory.Free - starting.Sum(owned => Need(memory, owned.Instance.App)) - Need(memory, next.App) < context.Limits.MemoryReserve ? CapacityLimit.Memory
            : null;
    }

    /// <summary>Ends one unused run, if any. The next one follows only after the memory freed by the last one was measured.</summary>
    internal static HubState MakeRoom(HubState state, StepContext context, StepDraft draft)
    {
        if (state.Runs.Any(owned => owned.Run.IsEnding) || (context.Memory is { } memory && state.Instances.Values.Any(instance => instance.LastExit?.At >= memory.At)))
        {
            return state;
        }

        // A run that is due for replacement occupies the capacity that its successor waits for.
        var useless =
            from owned in state.Runs
            where owned.Run is { State: RunState.Ready, Sessions: 0 } && owned.Instance is { StartingRun: null, Waiting: Waiting.Nothing or Waiting.Queued }
            where Idleness.Empty(owned.Run, context.Limits) <= context.Now
            orderby owned.Run.Keeping is Keeping.Now, owned.Instance.App.Priority, owned.Run.LastUsed
            select owned;
        if (useless.FirstOrDefault() is not { Run: { } run, Instance: { } instance })
        {
            return state;
        }

        draft.Name(instance.Key, TransitionCause.Idle);
        return state.With(HubReducer.Stop(instance, run, StopReason.MadeRoom, context, draft) with
        {
            Desired = instance.Waiting is Waiting.Queued { Reason: QueueReason.Restart } ? instance.Desired : Desired.Off.Instance,
            Waiting = Waiting.Nothing.Instance,
        });
    }

    private static bool IsWithinUsualTime(App app, RunState.Starting start, StepContext context) =>
        start.Deadline - context.Limits.StartTimeoutOf(app) + context.Limits.StartTimeout > context.Now;

    // A run above its hard limit is killed, so no run needs more than that.
    private static long Need(MachineMemory memory, App app) => Math.Min(memory.Need(app.Slug), app.Memory.Hard ?? long.MaxValue);

    private static DateTimeOffset Later(DateTimeOffset time, StepContext context) => time > context.Now ? time : context.Now;

    private static TimeSpan AverageStart(HubState state)
    {
        var starts = state.Runs.Select(static owned => owned.Run.State is RunState.Ready ready ? ready.Since - owned.Run.Created : (TimeSpan?)null).OfType<TimeSpan>().ToArray();
        return starts.Length == 0 ? TypicalStart : TimeSpan.FromTicks((long)starts.Average(static start => start.Ticks));
    }

    /// <summary>When a run exits if it is not used again.</summary>
    private static DateTimeOffset? End(Instance instance, Run run, StepContext context) => run.State switch
    {
        RunState.Ready when run.Sessions == 0 => Idleness.Empty(run, context.Limits),
        RunState.Ready => Idleness.Stop(instance, run, context.Limits),
        RunState.Draining draining => draining.Deadline,
        RunState.Stopping or RunState.Killing => context.Now,
        _ => null,
    };
}
