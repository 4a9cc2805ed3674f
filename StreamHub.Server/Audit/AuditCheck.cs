namespace StreamHub.Server.Audit;

/// <summary>The result of a verification of the whole audit.</summary>
/// <param name="Rows">The number of intact rows.</param>
/// <param name="Fault">The fault at the first invalid row, in English; its format is the key of translations. Null when all rows are intact.</param>
internal sealed record AuditCheck(long Rows, FormattableString? Fault);
