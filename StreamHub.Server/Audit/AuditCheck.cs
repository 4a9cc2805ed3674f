namespace StreamHub.Server.Audit;

/// <summary>What a look at the whole audit found.</summary>
/// <param name="Rows">How many rows are as they were written.</param>
/// <param name="Fault">What is wrong at the first bad one, in English; its format is the key of other languages' texts. Null when nothing is.</param>
internal sealed record AuditCheck(long Rows, FormattableString? Fault);
