using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using StreamHub.Domain.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Isolates each run, by landlock(7): file access is limited by <see cref="FileWall"/>; of the app ports, only its own can be
/// bound or connected; memory, open files, environment and signals of processes outside of the run are inaccessible (except for
/// root). All child processes inherit this permanently. Set-uid programs run without additional privileges.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RunIsolation : IDisposable
{
    private const int FilesVersion = 3; // Linux 6.2: before, files could be truncated without the right to write
    private const int TcpVersion = 4; // Linux 6.7

    // Version 6 supports it, but also blocks signals between threads of one process, which .NET needs: fixed in Linux 6.15.
    private const int ScopeVersion = 7;
    private const ulong Scopes = 0b11; // LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET, LANDLOCK_SCOPE_SIGNAL
    private const ulong BindAndConnect = 0b11; // LANDLOCK_ACCESS_NET_BIND_TCP, LANDLOCK_ACCESS_NET_CONNECT_TCP

    private readonly Lock gate = new();
    private readonly FileWall files;
    private readonly (int First, int Last) ports;
    private RestrictedThread? ahead;
    private bool isOver;

    private RunIsolation(HubSettings settings, ClosedFolders closed, int version)
    {
        (files, ports) = (new FileWall(closed, new RunFolders(settings)), (settings.FirstAppPort, settings.LastAppPort));
        KeepsPorts = version >= TcpVersion && SystemCallFilter.IsKnown;
        KeepsSignals = version >= ScopeVersion;
    }

    /// <summary>Whether runs are isolated from each other's ports.</summary>
    public bool KeepsPorts { get; }

    /// <summary>Whether signals to processes outside of the run are blocked.</summary>
    public bool KeepsSignals { get; }

    /// <summary>Opens isolation after a trial; null and the reason when the system does not support it.</summary>
    public static RunIsolation? Open(HubSettings settings, out string whyNot)
    {
        var version = LinuxNative.LandlockVersion();
        whyNot = settings.Closed is null ? "disabled by StreamHub:Apps:Isolation"
            : version < FilesVersion ? "Landlock version 3 (Linux 6.2) is unavailable"
            : "";
        if (whyNot.Length > 0)
        {
            return null;
        }

        var isolation = new RunIsolation(settings, settings.Closed!, version);
        try
        {
            // Without ports: each one is a rule.
            using var trial = new RestrictedThread(null, isolation.files.Rules(), thread => isolation.Restrict(thread, []));
            trial.Run(static () => { });
            return isolation;
        }
        catch (Exception exception) when (exception is ProcessStartException or IOException or UnauthorizedAccessException)
        {
            whyNot = exception.Message;
            return null;
        }
    }

    /// <summary>
    /// Deletes the sockets of the runtime's diagnostics ports, which Landlock does not cover: any process of the hub's account
    /// could inspect and control the hub through them.
    /// https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port
    /// </summary>
    /// <returns>Null, or why they could not be deleted.</returns>
    public static string? CloseDiagnostics()
    {
        try
        {
            foreach (var name in (string[])["dotnet-diagnostic", "clr-debug-pipe"])
            {
                foreach (var file in Directory.EnumerateFileSystemEntries(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{name}-{Environment.ProcessId}-*")))
                {
                    File.Delete(file);
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <exception cref="ProcessStartException">Isolation failed; the process was not started.</exception>
    public void Start(int? port, Action begin)
    {
        var rules = files.Rules();
        using var thread = Take(port, rules) ?? Begin(port, rules);
        thread.Run(begin);
        PrepareNext(port);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            ahead?.Dispose();
        }
    }

    /// <summary>The prepared thread, if it has this port and all of these rules; otherwise null.</summary>
    private RestrictedThread? Take(int? port, IReadOnlyList<FileRule> rules)
    {
        lock (gate)
        {
            if (ahead is not { } prepared || prepared.Port != port || rules.Except(prepared.Files).Any())
            {
                return null;
            }

            ahead = null;
            return prepared;
        }
    }

    /// <summary>
    /// Prepares the thread for the next port of <see cref="Runs.PortPool"/>: Linux adds allowed ports one by one, which takes
    /// 110 ms.
    /// </summary>
    private void PrepareNext(int? port)
    {
        var next = port is { } own && own < ports.Last ? own + 1 : ports.First;
        lock (gate)
        {
            if (!KeepsPorts || isOver || ahead?.Port == next)
            {
                return;
            }

            ahead?.Dispose();
            ahead = Begin(next, files.Rules());
        }
    }

    private RestrictedThread Begin(int? port, IReadOnlyList<FileRule> rules) => new(port, rules, thread => Restrict(
        thread, Enumerable.Range(0, IPEndPoint.MaxPort + 1).Where(other => other < ports.First || other > ports.Last || other == thread.Port)));

    private void Restrict(RestrictedThread thread, IEnumerable<int> allowed)
    {
        var ruleset = LinuxNative.CreateRuleset(FileWall.Everything, KeepsPorts ? BindAndConnect : 0, KeepsSignals ? Scopes : 0);
        Check(ruleset >= 0);
        try
        {
            foreach (var rule in thread.Files)
            {
                LinuxNative.AllowPath(ruleset, rule);
            }

            foreach (var port in KeepsPorts ? allowed : [])
            {
                Check(LinuxNative.AllowPort(ruleset, BindAndConnect, port));
            }

            Check(LinuxNative.GiveUpNewRights() && LinuxNative.Restrict(ruleset) && (!SystemCallFilter.IsKnown || SystemCallFilter.Apply()));
        }
        finally
        {
            LinuxNative.Close(ruleset);
        }
    }

    private static void Check(bool succeeded)
    {
        if (!succeeded)
        {
            throw new ProcessStartException($"The run could not be isolated: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.") { IsShortage = true };
        }
    }
}
