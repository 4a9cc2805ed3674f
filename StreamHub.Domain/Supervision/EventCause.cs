using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>Names the cause of changes made by an event itself; a reconciler rule names the cause of its own changes.</summary>
internal static class EventCause
{
    /// <summary>Called before any change: the event is the first cause in the step.</summary>
    public static void Name(HubEvent @event, StepDraft draft)
    {
        switch (@event)
        {
            case HubEvent.HubStarted or HubEvent.Adopted or HubEvent.HoldsRestored:
                draft.NameAll(TransitionCause.HubStart);
                break;
            case HubEvent.AppsChanged:
                draft.NameAll(TransitionCause.Configuration);
                break;
            case HubEvent.HubStopping:
                draft.NameAll(TransitionCause.HubStop);
                break;
            case HubEvent.MaintenanceBegun { Hold: var hold }:
                draft.NameAll(new ChangeCause(TransitionCause.Admin, hold.By, null, hold.Text));
                draft.Turn(new ChangeCause(TransitionCause.Admin, hold.By, nameof(StopReason.Maintenance), hold.Text));
                break;
            case HubEvent.MaintenanceEnded ended:
                draft.Turn(new ChangeCause(TransitionCause.Admin, ended.By, Transition.Opened));
                break;
            case HubEvent.Requested visit:
                draft.Name(visit.Instance, TransitionCause.Visit);
                break;
            case HubEvent.RetryRequested retry:
                draft.Name(retry.Instance, TransitionCause.Visit);
                break;
            case HubEvent.StartRequested start:
                draft.Name(start.Instance, new ChangeCause(TransitionCause.Admin, start.By));
                break;
            case HubEvent.StopRequested { Hold: var hold } stop:
                draft.Name(stop.Instance, new ChangeCause(TransitionCause.Admin, hold.By, null, hold.Text));
                break;
            case HubEvent.RestartRequested restart:
                draft.Name(restart.Instance, new ChangeCause(TransitionCause.Admin, restart.By, nameof(StopReason.Restarted), restart.Why));
                break;
        }
    }
}
