namespace StreamHub.Server.Configuration;

/// <summary>The configuration in force. Readers take the reference; a reload swaps it as a whole.</summary>
internal sealed class ConfigurationStore
{
    private HubConfiguration current = HubConfiguration.Empty;

    /// <summary>Raised after each swap, on the thread that reloaded.</summary>
    public event Action<HubConfiguration>? Changed;

    /// <summary>The configuration in force.</summary>
    public HubConfiguration Current => Volatile.Read(ref current);

    /// <summary>Puts a configuration in force.</summary>
    public void Swap(HubConfiguration next)
    {
        Volatile.Write(ref current, next);
        Changed?.Invoke(next);
    }
}
