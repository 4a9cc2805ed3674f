using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Hosting.Systemd;

namespace StreamHub.Server.Platform;

/// <summary>
/// What systemd is doing with the hub's unit. It stops and restarts with the same signal; while it restarts a unit, the unit's
/// job is of the type <c>restart</c> until the process has ended (systemd's job.c turns it into <c>start</c> only then).
/// </summary>
internal static class SystemdJob
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether the unit that this process is the service of is being restarted.</summary>
    public static async Task<bool> IsRestartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !SystemdHelpers.IsSystemdService() || UnitOf(await File.ReadAllTextAsync("/proc/self/cgroup", cancellationToken)) is not { } unit)
        {
            return false;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo("systemctl", ["list-jobs", "--no-legend", "--no-pager"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            return IsRestart(await process.StandardOutput.ReadToEndAsync(patience.Token), unit);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or OperationCanceledException)
        {
            // Without an answer it is a stop, which ends the apps: nothing is left behind that nobody asked for.
            return false;
        }
    }

    /// <summary>The service that a process belongs to by its cgroup (<c>/proc/self/cgroup</c>), or null.</summary>
    internal static string? UnitOf(string cgroup) => cgroup
        .Split(['/', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .LastOrDefault(part => part.EndsWith(".service", StringComparison.Ordinal));

    /// <summary>Whether <c>systemctl list-jobs</c> (job, unit, type, state) knows a restart of the unit.</summary>
    internal static bool IsRestart(string jobs, string unit) => jobs
        .Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(words => words is [_, var name, "restart", ..] && name == unit);
}
