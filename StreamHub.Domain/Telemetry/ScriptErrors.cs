namespace StreamHub.Domain.Telemetry;

/// <summary>Uncaught exceptions of an app's scripts. The hub's own visits do not count.</summary>
/// <param name="Count">Since the run started.</param>
/// <param name="Recent">Failed script runs among the last <paramref name="Of"/>.</param>
/// <param name="Of">Counted script runs.</param>
/// <param name="Last">The last exception in one line.</param>
/// <param name="At">When it was thrown, by the machine's clock.</param>
public sealed record ScriptErrors(int Count, int Recent, int Of, string Last, DateTimeOffset At);
