namespace StreamHub.Domain.Supervision;

/// <summary>Why an instance moves in a step, named by the rule that moves it.</summary>
/// <param name="By">The admin; null for another cause.</param>
/// <param name="Reason">The reason, where the state shows none; null for none.</param>
/// <param name="Detail">An admin's message; null for none.</param>
internal sealed record ChangeCause(TransitionCause Kind, string? By = null, string? Reason = null, string? Detail = null);
