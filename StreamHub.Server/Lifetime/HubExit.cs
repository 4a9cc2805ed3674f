using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Lifetime;

/// <summary>
/// Whether the hub that stops comes back at once: then its apps go on, and the next hub adopts them. It does when it was asked to
/// restart, when a service of its own failed, when systemd restarts its unit, and when it is told to leave its apps alone
/// (<c>StreamHub:Apps:KeepOnStop</c>).
/// </summary>
internal sealed class HubExit(HubSettings settings, IHostApplicationLifetime lifetime, IHostLifetime host, IServiceProvider services)
{
    /// <summary>The exit code that asks a service manager to start the hub again: EX_TEMPFAIL, sysexits.h.</summary>
    public const int RestartCode = 75;

    /// <summary>The exit code after a failure of the hub's own: EX_SOFTWARE, sysexits.h. A service manager starts it again.</summary>
    public const int FailureCode = 70;

    private volatile bool isRestart;

    /// <summary>What the process ends with.</summary>
    public int Code => isRestart ? RestartCode : HasFailed ? FailureCode : 0;

    // The host stops when one of these ends by an exception, and would call that a success.
    private bool HasFailed => services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });

    /// <summary>Stops the hub, so that its service manager starts it again.</summary>
    public void Restart()
    {
        isRestart = true;
        Tell(RestartCode);
        lifetime.StopApplication();
    }

    /// <summary>Whether the apps go on. Asked once, while the hub stops.</summary>
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
            // The process' own exit code does not reach the service control manager: https://github.com/dotnet/runtime/issues/77381.
            service.ExitCode = code;
        }
    }
}
