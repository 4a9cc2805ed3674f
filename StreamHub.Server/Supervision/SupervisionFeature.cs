using Microsoft.AspNetCore.Server.Kestrel.Core;
using StreamHub.Server.AppGuards;
using StreamHub.Server.Health;
using StreamHub.Server.History;
using StreamHub.Server.Processes;
using StreamHub.Server.Processes.Linux;
using StreamHub.Server.Processes.Windows;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Supervision;

/// <summary>Registers the supervisor, the effect runner and the process host.</summary>
internal static class SupervisionFeature
{
    public static IServiceCollection AddInstances(this IServiceCollection services)
    {
        services.AddSingleton<RunStore>();
        services.AddSingleton<HoldStore>();
        services.AddSingleton<LineStore>();
        services.AddSingleton<MemoryGauge>();
        services.AddSingleton<RunOutput>();
        services.AddSingleton<RunReports>();
        services.AddSingleton<StartFaults>();
        services.AddSingleton<PortPool>();
        services.AddSingleton<RunSecrets>();
        if (OperatingSystem.IsLinux())
        {
            services.AddSingleton<IProcessHost, LinuxProcessHost>();
        }
        else if (OperatingSystem.IsWindows())
        {
            services.AddSingleton<IProcessHost, WindowsProcessHost>();
        }

        services.AddSingleton<ReadinessProbe>();
        services.AddSingleton<RunEnding>();
        services.AddSingleton<IEffectRunner, EffectRunner>();
        services.AddSingleton<Supervisor>();
        services.AddSingleton<RunUses>();
        services.AddSingleton<Adoption>();
        services.AddSingleton<HistoryWriter>().AddSingleton<CrashReportWriter>().AddSingleton<CrashReportStore>().AddSingleton<RunReadings>();
        services.AddSingleton<OwnAppGuard>();
        services.AddSingleton<PortOwnerCheck>();

        // Resolved at the first connection: the supervisor's effects connect to apps too.
        services.AddSingleton<ListenerProof>(provider => endpoint => provider.GetRequiredService<PortOwnerCheck>().IsOwn(endpoint));
        services.AddSingleton<AppConnector>();

        // Hosted services stop in reverse order: the supervisor must be alive while the lifetime service waits for the last
        // exit, and the history must record it.
        services.AddHostedService(provider => provider.GetRequiredService<HistoryWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<CrashReportWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<Supervisor>());
        services.AddHostedService<RunFolderLimiter>();
        services.AddHostedService<RunChecks>();
        services.AddHostedService<RestartClock>();
        services.AddHostedService<SupervisionLifetime>();
        services.AddHostedService(provider => provider.GetRequiredService<LineStore>());
        return services;
    }

    /// <summary>Closes a listener's connections that come from the hub's own apps.</summary>
    public static void RefuseOwnApps(this ListenOptions listener) => listener.Use(next =>
    {
        var guard = listener.ApplicationServices.GetRequiredService<OwnAppGuard>();
        return connection => guard.InvokeAsync(next, connection);
    });
}
