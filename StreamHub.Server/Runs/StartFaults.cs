using System.Collections.Concurrent;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Runs;

/// <summary>Why starting runs are not ready, as far as it is known.</summary>
internal sealed class StartFaults
{
    private readonly ConcurrentDictionary<RunId, StartFault> faults = new();

    public void Set(RunId run, StartFault fault) => faults[run] = fault;

    public StartFault? Of(RunId run) => faults.GetValueOrDefault(run);

    /// <summary>Why an instance is not ready: by its starting run, else by the attempt before.</summary>
    public StartFault? Of(Instance instance) => (instance.StartingRun is { } starting ? Of(starting.Id) : null) ?? instance.LastFailure?.Output.Fault;

    /// <summary>Removes and returns what is known of a run that is ready or has ended.</summary>
    public StartFault? Take(RunId run) => faults.TryRemove(run, out var fault) ? fault : null;
}
