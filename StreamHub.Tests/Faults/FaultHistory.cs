using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace StreamHub.Tests.Faults;

/// <summary>What everybody did and saw during a schedule, in order; and what of it must not be.</summary>
internal sealed class FaultHistory
{
    private const int Kept = 2000;

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> violations = new();

    /// <summary>Promises that were seen broken.</summary>
    public IReadOnlyCollection<string> Violations => violations;

    /// <summary>Writes down something.</summary>
    public void Note(string who, string what)
    {
        lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,8:F3} {who}: {what}"));
        while (lines.Count > Kept && lines.TryDequeue(out _))
        {
            // The oldest is the least telling.
        }
    }

    /// <summary>Writes down what breaks a promise.</summary>
    public void Violate(string promise, string who, string what)
    {
        Note(who, $"VIOLATES {promise}: {what}");
        violations.Enqueue($"{promise}: {who}: {what}");
    }

    /// <summary>The last lines.</summary>
    public string Tail(int count) => string.Join('\n', lines.TakeLast(count));
}
