using System.Diagnostics.CodeAnalysis;
using StreamHub.Domain.Instances;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>Instances are equal when all that they hold is: their lists, too.</summary>
internal sealed class InstanceContent : IEqualityComparer<Instance>
{
    public static InstanceContent Instance { get; } = new();

    public bool Equals(Instance? x, Instance? y) =>
        ReferenceEquals(x, y)
        || (x is not null && y is not null && x.Runs.SequenceEqual(y.Runs) && x.Failures.SequenceEqual(y.Failures) && x with { Runs = y.Runs, Failures = y.Failures } == y);

    public int GetHashCode([DisallowNull] Instance obj) => obj.Key.GetHashCode();
}
