using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.History;

/// <summary>A change of an instance's state, as stored; see <see cref="Transition"/>.</summary>
/// <param name="Sequence">Counts up over all apps.</param>
/// <param name="User">Whose instance; null when shared.</param>
/// <param name="Run">The run's number; null when it was about none.</param>
/// <param name="From">The name of the <see cref="InstanceStatus"/> before.</param>
/// <param name="To">The name of the one after.</param>
/// <param name="Cause">The name of the <see cref="TransitionCause"/>.</param>
/// <param name="By">Which admin; null when none.</param>
/// <param name="Reason">The name of a <see cref="StopReason"/> or of a case of <see cref="ExitOutcome"/>.</param>
/// <param name="Detail">What the reason goes with: exit code, signal, message, an admin's words.</param>
internal sealed record HistoryEntry(
    long Sequence, DateTimeOffset At, string App, string? User, long? Run, string From, string To, string Cause, string? By, string? Reason, string? Detail);
