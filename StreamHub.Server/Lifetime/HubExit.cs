using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Lifetime;

/// <summary>
/// Whether a stopping hub restarts at once: then its apps continue, and the next hub adopts them. That is the case after a
/// restart command, after a failure of one of its services, when systemd restarts its unit, and with the setting
/// <c>StreamHub:Apps:KeepOnStop</c>.
/// </summary>
internal sealed class HubExit(HubSettings settings, IHostApplicationLifetime lifetime, IHostLifetime host, IServiceProvider services)
{
    /// <summary>The exit code that makes a service manager restart the hub: EX_TEMPFAIL, sysexits.h.</summary>
    public const int RestartCode = 75;

    /// <summary>The exit code after an internal failure: EX_SOFTWARE, sysexits.h. A service manager restarts the hub.</summary>
    public const int FailureCode = 70;

    private volatile bool isRestart;

    /// <summary>The exit code of the process.</summary>
    public int Code => isRestart ? RestartCode : HasFailed ? FailureCode : 0;

    // The host also stops when one of these fails, but reports success.
    private bool HasFailed => services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });

    /// <summary>Stops the hub for a restart by its service manager.</summary>
    public void Restart()
    {
        isRestart = true;
        Tell(RestartCode);
        lifetime.StopApplication();
    }

    /// <summary>Whether the apps continue. Called once, during the stop.</summary>
    public async Task<bool> KeepsAppsAsync(CancellationToken cancellationToken)
    {
        if (HasFailed)
        {
            Tell(FailureCode);
            return true;
        }

        return isRestart || settings.KeepsAppsOnStop || await SystemdJob.IsRestartAsync(cancellationToken);
    }

    private void Tell(int code)
    {
        if (OperatingSystem.IsWindows() && host is System.ServiceProcess.ServiceBase service)
        {
            // The process exit code does not reach the service control manager: https://github.com/dotnet/runtime/issues/77381.
            service.ExitCode = code;
        }
    }
}
