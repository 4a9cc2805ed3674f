using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>Decides about processes that an earlier hub started.</summary>
internal static class HubAdoption
{
    public static HubState Adopt(HubState state, ImmutableArray<AdoptedRun> found, StepContext context, StepDraft draft)
    {
        foreach (var runs in found.Where(run => state.Owner(run.Run) is null).GroupBy(run => run.Instance))
        {
            state = state with { NextRun = new RunId(Math.Max(state.NextRun.Value, runs.Max(run => run.Run.Value) + 1)) };
            if (HubReducer.Ensure(state, runs.Key) is { } ensured)
            {
                state = ensured.With(Adopt(ensured, ensured.Find(runs.Key)!, [.. runs.OrderBy(run => run.Run)], context, draft));
                continue;
            }

            foreach (var run in runs)
            {
                draft.Add(new HubEffect.Kill(run.Run, run.Process));
            }
        }

        return state;
    }

    private static Instance Adopt(HubState state, Instance instance, AdoptedRun[] runs, StepContext context, StepDraft draft)
    {
        // The newest run that was ready serves new sessions; older ones drain. A run that was not ready is stopped if another
        // one serves.
        var mayServe = state.IsOpen && instance is { IsRemoved: false, Desired: not Desired.Held, StartingRun: null, ReadyRun: null };
        var wanted = mayServe ? runs.Where(run => !run.IsEnding).ToArray() : [];
        var serving = wanted.LastOrDefault(run => run.IsReady) ?? wanted.LastOrDefault();
        foreach (var run in runs)
        {
            RunState next = run == serving ? new RunState.Starting(context.Now + AnswerTime(run, context.Limits.StartTimeoutOf(instance.App), context.Limits))
                : wanted.Contains(run) && run.IsReady ? Drain(run, context)
                : new RunState.Killing(StopReason.LeftBehind, context.Now + context.Limits.KillInterval);

            // An adopted run is probed like a fresh one. A run that is being stopped is watched until its exit, and no other
            // run is launched meanwhile. Sessions are about to reconnect.
            draft.Add(new HubEffect.Probe(run.Run, run.Process, instance.App, VisitUntil: null));
            if (next is RunState.Killing)
            {
                draft.Add(new HubEffect.Kill(run.Run, run.Process));
            }
            else if (next is RunState.Draining draining && run.DrainUntil is null)
            {
                draft.Add(new HubEffect.Drain(run.Run, draining.Deadline, draining.Why));
            }

            instance = instance with { Runs = instance.Runs.Add(new Run(run.Run, next, run.Created, context.Now) { Process = run.Process, LastSession = context.Now, IsReplaced = next is RunState.Draining }) };
        }

        return serving is null ? instance : instance with { Desired = Desired.On.Instance, Waiting = Waiting.Nothing.Instance };
    }

    // A run that was ready may be busy: it is not ended sooner than under a hub that had not been restarted.
    private static TimeSpan AnswerTime(AdoptedRun run, TimeSpan startTimeout, SupervisionLimits limits) =>
        run.IsReady && limits.ScriptTimeout > startTimeout ? limits.ScriptTimeout : startTimeout;

    // A new hub does not extend the drain timeout that users were told.
    private static RunState.Draining Drain(AdoptedRun run, StepContext context)
    {
        var most = context.Now + context.Limits.DrainTimeout;
        return new RunState.Draining(run.DrainUntil < most ? run.DrainUntil.Value : most, run.DrainWhy);
    }
}
