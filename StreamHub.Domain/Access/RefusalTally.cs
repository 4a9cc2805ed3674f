using System.Collections.Immutable;

namespace StreamHub.Domain.Access;

/// <summary>
/// Makes few lines of many refusals: the first of a kind is told at once, the others together when the window closes. A
/// kind that was quiet for a whole window begins anew. Kinds beyond <paramref name="most"/> are counted as the rest of
/// their reason, so a flood of addresses costs neither memory nor lines. Every refusal is in exactly one count.
/// </summary>
/// <param name="most">Kinds that are told apart.</param>
public sealed class RefusalTally(int most)
{
    private readonly Dictionary<Refused.Sort, Line> lines = [];

    /// <summary>Counts a refusal.</summary>
    /// <returns>What is told at once; null when it is counted for later.</returns>
    public RefusalCount? Note(Refused refused, DateTimeOffset now, long count = 1)
    {
        ArgumentNullException.ThrowIfNull(refused);
        var kind = refused.Kind;
        if (lines.Count >= most && !lines.ContainsKey(kind))
        {
            kind = new Refused.Sort(null, kind.Reason, null, IsRest: true);
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

    /// <summary>Closes the window.</summary>
    /// <returns>What was counted in it.</returns>
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
