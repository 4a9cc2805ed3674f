using StreamHub.Server.Access;
using StreamHub.Server.Api;
using StreamHub.Server.Data;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Cli;

/// <summary>What a verb needs of the hub: the database and its rules, no listeners and no supervisor.</summary>
internal static class CommandServices
{
    /// <param name="settings">Where the data directory is.</param>
    /// <param name="load">Whether the configuration is read: not for what only changes it, which reads it with the change.</param>
    public static async Task<ServiceProvider> CreateAsync(HubSettings settings, CancellationToken cancellationToken, bool load = true)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Error));
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SteadyClock>();
        services.AddSingleton<OwnAddresses>();
        services.AddDatabase();
        services.AddAccess();
        services.AddEditing();
        var provider = services.BuildServiceProvider();
        try
        {
            await provider.GetRequiredService<DatabasePreparation>().PrepareForVerbAsync(load, cancellationToken);
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }
}
