using StreamHub.Server.Access;
using StreamHub.Server.Api;
using StreamHub.Server.Data;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Cli;

/// <summary>What a verb needs of the hub: the database and its rules, no listeners and no supervisor.</summary>
internal static class CommandServices
{
    public static async Task<ServiceProvider> CreateAsync(HubSettings settings, CancellationToken cancellationToken)
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
            await provider.GetRequiredService<DatabasePreparation>().PrepareForVerbAsync(cancellationToken);
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }
}
