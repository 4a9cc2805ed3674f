using System.Globalization;

namespace StreamHub.Server.Audit;

/// <summary>The end of the audit's chain, stored outside of its table to reveal a truncated table.</summary>
/// <param name="Sequence">The number of the last row; 0 for an empty table.</param>
/// <param name="Count">The number of rows.</param>
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
