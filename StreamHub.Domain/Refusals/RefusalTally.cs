using System.Collections.Immutable;

namespace StreamHub.Domain.Refusals;

/// <summary>
/// Aggregates refusals: the first of a kind is reported at once, the others as one count when the window closes. A kind without
/// refusals in a whole window starts anew. Kinds beyond <paramref name="most"/> are counted together by reason, so a flood from
/// many addresses is bounded in memory and log lines. Every refusal is in exactly one count.
/// </summary>
/// <param name="most">Maximum number of separate kinds.</param>
public sealed class RefusalTally(int most)
{
    private readonly Dictionary<RefusalKind, Line> lines = [];

    /// <summary>Counts a refusal.</summary>
    /// <returns>The count to report at once; null when it is deferred.</returns>
    public RefusalCount? Note(Refused refused, DateTimeOffset now, long count = 1)
    {
        ArgumentNullException.ThrowIfNull(refused);
        var kind = refused.Kind;
        if (lines.Count >= most && !lines.ContainsKey(kind))
        {
            kind = new RefusalKind(null, kind.Reason, null, IsRest: true);
            refused = new Refused(kind, null, refused.Detail);
        }

        if (lines.TryGetValue(kind, out var line))
        {
            lines[kind] = line.Count > 0 ? line with { Count = line.Count + count } : line with { First = refused, Count = count };
            return null;
        }

        lines[kind] = new Line(refused, 0, now, IsNew: true);
        return new RefusalCount(refused, count, now, now);
    }

    /// <returns>The deferred counts.</returns>
    public ImmutableArray<RefusalCount> Close(DateTimeOffset now)
    {
        var counts = ImmutableArray.CreateBuilder<RefusalCount>();
        foreach (var (kind, line) in lines.ToArray())
        {
            if (line.Count > 0)
            {
                counts.Add(new RefusalCount(line.First, line.Count, line.Since, now));
            }

            if (line is { Count: 0, IsNew: false })
            {
                lines.Remove(kind);
            }
            else
            {
                lines[kind] = line with { Count = 0, Since = now, IsNew = false };
            }
        }

        return counts.ToImmutable();
    }

    private readonly record struct Line(Refused First, long Count, DateTimeOffset Since, bool IsNew);
}
