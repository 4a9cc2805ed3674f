using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Components.Admin;

/// <summary>The latest snapshot of a circuit, and how old it is. Used on the circuit's dispatcher only.</summary>
public sealed class LiveView
{
    /// <summary>Raised on the circuit's dispatcher after each change.</summary>
    public event Action? Changed;

    /// <summary>The latest; null before the first.</summary>
    public HubSnapshot? Snapshot { get; private set; }

    /// <summary>Time since the latest snapshot arrived.</summary>
    public TimeSpan Age { get; private set; }

    /// <summary>The row, or null when the instance is gone.</summary>
    public InstanceSample? Find(string key) =>
        Snapshot?.Instances.FirstOrDefault(instance => string.Equals(instance.Key, key, StringComparison.Ordinal));

    internal void Set(HubSnapshot? snapshot, TimeSpan age)
    {
        Snapshot = snapshot;
        Age = age;
        Changed?.Invoke();
    }
}
