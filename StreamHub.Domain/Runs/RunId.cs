using System.Globalization;

namespace StreamHub.Domain.Runs;

/// <summary>The number of a run, unique in one data directory and never reused.</summary>
/// <param name="Value">Counts from 1.</param>
public readonly record struct RunId(long Value) : IComparable<RunId>
{
    /// <inheritdoc/>
    public int CompareTo(RunId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D6", CultureInfo.InvariantCulture);
}
