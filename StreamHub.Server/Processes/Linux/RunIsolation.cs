using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using StreamHub.Domain.Instances;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Keeps each run to itself, by landlock(7): it reaches files as <see cref="FileWall"/> says, of the ports for apps it reaches and takes its own
/// alone, it looks into no memory and no open files of a process outside of it, nor its environment (root may), and sends none a signal. All that
/// it starts inherits this, and nothing undoes it. Programs with more rights than their starter (set-uid) run without them.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RunIsolation : IDisposable
{
    private const int FilesVersion = 3; // Linux 6.2: before, a file could be truncated by whoever may not write it
    private const int TcpVersion = 4; // Linux 6.7

    // Version 6 has it, but keeps the signals of a thread from its own process, which .NET needs: mended in Linux 6.15.
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

    /// <summary>Whether a run is kept from the ports of others.</summary>
    public bool KeepsPorts { get; }

    /// <summary>Whether signals are kept to a run, too.</summary>
    public bool KeepsSignals { get; }

    /// <summary>Tries it once. Null, and why, where the system has no means for it.</summary>
    public static RunIsolation? Open(HubSettings settings, out string whyNot)
    {
        var version = LinuxNative.LandlockVersion();
        whyNot = settings.Closed is null ? "StreamHub:Apps:Isolation says so"
            : version < FilesVersion ? "the system has no Landlock that knows files as a whole (Linux 6.2)"
            : "";
        if (whyNot.Length > 0)
        {
            return null;
        }

        var isolation = new RunIsolation(settings, settings.Closed!, version);
        try
        {
            // No port: each is a rule.
            using var trial = new RestrictedThread(null, isolation.files.Rules(null), thread => isolation.Restrict(thread, []));
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
    /// Takes away the files by which everything of the hub's account may look into this process, and lead it: the runtime's own
    /// diagnostics ports, which are no matter of Landlock's.
    /// https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port
    /// </summary>
    /// <returns>Null, or why they could not be.</returns>
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

    /// <summary>Starts a process in isolation.</summary>
    /// <param name="own">Where the run is to listen; null for nowhere.</param>
    /// <exception cref="ProcessStartException">It could not be isolated, and was not started.</exception>
    public void Start(AppEndpoint? own, Action start)
    {
        var rules = files.Rules(own?.Port);
        using var thread = Take(own?.Port, rules) ?? Begin(own?.Port, rules);
        thread.Run(start);
        PrepareNext(own?.Port);
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

    /// <summary>The thread that was prepared, where it was for this port, and whatever is open to a run now was there already.</summary>
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

    /// <summary>Linux takes only what is allowed, port by port, which takes it 110 ms: done ahead for the port that <see cref="Runs.PortPool"/> gives next.</summary>
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
            ahead = Begin(next, files.Rules(next));
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
