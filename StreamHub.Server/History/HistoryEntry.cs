using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.History;

/// <summary>A stored change of an instance's state; see <see cref="Transition"/>.</summary>
/// <param name="Sequence">Ascending over all apps.</param>
/// <param name="User">The owner of the instance; null when shared.</param>
/// <param name="Run">The run's number; null for none.</param>
/// <param name="From">The name of the <see cref="InstanceStatus"/> before.</param>
/// <param name="To">The name of the <see cref="InstanceStatus"/> after.</param>
/// <param name="Cause">The name of the <see cref="TransitionCause"/>.</param>
/// <param name="By">The admin; null for another cause.</param>
/// <param name="Reason">The name of a <see cref="StopReason"/> or of a case of <see cref="ExitOutcome"/>.</param>
/// <param name="Detail">The detail of the reason: exit code, signal, message, or the admin's message.</param>
internal sealed record HistoryEntry(
    long Sequence, DateTimeOffset At, string App, string? User, long? Run, string From, string To, string Cause, string? By, string? Reason, string? Detail);
