using System.Globalization;

namespace StreamHub.Server.Audit;

/// <summary>Where the audit's chain ends: what is kept outside of its table, so that a cut tail shows.</summary>
/// <param name="Sequence">The last row's number; 0 before the first.</param>
/// <param name="Count">How many rows there are.</param>
internal sealed record AuditHead(long Sequence, long Count, string Hash)
{
    public static AuditHead Empty { get; } = new(0, 0, AuditChain.Start);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence} {Count} {Hash}");

    public static bool TryParse(string? text, out AuditHead head)
    {
        head = Empty;
        if (text?.Split(' ') is not [var sequence, var count, { Length: 64 } hash]
            || !long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || !long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rows))
        {
            return false;
        }

        head = new AuditHead(last, rows, hash);
        return true;
    }
}
