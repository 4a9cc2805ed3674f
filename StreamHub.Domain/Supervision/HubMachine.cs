namespace StreamHub.Domain.Supervision;

/// <summary>The supervisor's state machine: state and event in, next state and effects out.</summary>
public static class HubMachine
{
    // Each pass settles, or moves a run or an instance one state forward; state sequences are linear, so few passes suffice.
    private const int MaxPasses = 16;

    /// <summary>Reduces one event, then reconciles until the state is stable. Pure: equal input, equal output.</summary>
    /// <exception cref="InvalidOperationException">The state does not become stable: a defect of the reconciler.</exception>
    public static HubStep Step(HubState state, HubEvent @event, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(context);
        var draft = new StepDraft();
        var next = HubReducer.Reduce(state, @event, context, draft);
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var settled = next;
            next = HubReconciler.Reconcile(settled, context, draft);
            if (ReferenceEquals(next, settled))
            {
                return draft.To(next);
            }
        }

        throw new InvalidOperationException($"The state did not settle after {@event}.");
    }
}
