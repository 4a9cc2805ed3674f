using StreamHub.Server.Access;
using StreamHub.Server.Api;
using StreamHub.Server.Data;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Cli;

/// <summary>The services of a command: the database and its use cases, without listeners and supervisor.</summary>
internal static class CommandServices
{
    /// <param name="load">Whether to load the configuration; changes read it in their own transaction.</param>
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
