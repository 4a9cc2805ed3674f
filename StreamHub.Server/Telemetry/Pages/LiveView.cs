using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Telemetry.Pages;

/// <summary>The latest snapshot of a circuit, and its age. Used on the circuit's dispatcher only.</summary>
public sealed class LiveView
{
    /// <summary>Values older than this are dimmed.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <summary>Values older than this are labelled stale.</summary>
    public static readonly TimeSpan Believable = TimeSpan.FromSeconds(10);

    /// <summary>Raised on the circuit's dispatcher after each change.</summary>
    public event Action? Changed;

    /// <summary>The latest; null before the first.</summary>
    public HubSnapshot? Snapshot { get; private set; }

    /// <summary>Time since the latest snapshot arrived.</summary>
    public TimeSpan Age { get; private set; }

    /// <summary>Whether no new values arrived for a few seconds.</summary>
    public bool IsAging => Age > Fresh;

    /// <summary>Whether the values are too old to act upon.</summary>
    public bool IsStale => Age > Believable;

    /// <summary>The row of an instance; null when it was removed.</summary>
    public InstanceSample? Find(string key) =>
        Snapshot?.Instances.FirstOrDefault(instance => string.Equals(instance.Key, key, StringComparison.Ordinal));

    internal void Set(HubSnapshot? snapshot, TimeSpan age)
    {
        Snapshot = snapshot;
        Age = age;
        Changed?.Invoke();
    }
}
