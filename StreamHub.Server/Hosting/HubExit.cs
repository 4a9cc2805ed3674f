namespace StreamHub.Server.Hosting;

/// <summary>
/// Whether the hub that stops comes back at once: then its apps go on, and the next hub adopts them. It does when it was asked to
/// restart, when systemd restarts its unit, and when it is told to leave its apps alone (<c>StreamHub:Apps:KeepOnStop</c>).
/// </summary>
internal sealed class HubExit(HubSettings settings, IHostApplicationLifetime lifetime, IHostLifetime host)
{
    /// <summary>The exit code that asks a service manager to start the hub again: EX_TEMPFAIL, sysexits.h.</summary>
    public const int RestartCode = 75;

    private volatile bool isRestart;

    /// <summary>What the process ends with.</summary>
    public int Code => isRestart ? RestartCode : 0;

    /// <summary>Stops the hub, so that its service manager starts it again.</summary>
    public void Restart()
    {
        isRestart = true;
        if (OperatingSystem.IsWindows() && host is System.ServiceProcess.ServiceBase service)
        {
            // The process' own exit code does not reach the service control manager: https://github.com/dotnet/runtime/issues/77381.
            service.ExitCode = RestartCode;
        }

        lifetime.StopApplication();
    }

    /// <summary>Whether the apps go on. Asked once, while the hub stops.</summary>
    public async Task<bool> KeepsAppsAsync(CancellationToken cancellationToken) =>
        isRestart || settings.KeepsAppsOnStop || await SystemdJob.IsRestartAsync(cancellationToken);
}
