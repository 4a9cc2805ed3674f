using System.Collections.Frozen;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Runtimes;

/// <summary>Selects the adapter of an app by its runtime.</summary>
internal sealed class RuntimeAdapters(IEnumerable<RuntimeAdapter> adapters)
{
    private readonly FrozenDictionary<Type, RuntimeAdapter> byRuntime = adapters.ToFrozenDictionary(adapter => adapter.Runtime);

    public RuntimeAdapter Of(App app) => byRuntime[app.Runtime.GetType()];
}
