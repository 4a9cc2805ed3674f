namespace StreamHub.Domain.Supervision;

/// <summary>What moves an instance on in a step, named by the rule that moves it.</summary>
/// <param name="By">Which admin; null when it was none.</param>
/// <param name="Reason">A reason for what shows none by itself; null for none.</param>
/// <param name="Detail">An admin's words; null for none.</param>
internal sealed record ChangeCause(TransitionCause Kind, string? By = null, string? Reason = null, string? Detail = null);
