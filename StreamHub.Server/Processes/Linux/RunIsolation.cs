using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using StreamHub.Domain.Instances;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Keeps each run to itself, by landlock(7): of the ports for apps it reaches and takes its own alone, it looks into no memory
/// and no open files of a process outside of it, nor its environment (root may), and sends none a signal. All that it starts
/// inherits this, and nothing undoes it. Programs with more rights than their starter (set-uid) run without them.
/// </summary>
/// <param name="first">First port for apps.</param>
/// <param name="last">Last port for apps.</param>
/// <param name="scope">Linux's word for what else a run is kept from; 0 where it has none.</param>
[SupportedOSPlatform("linux")]
internal sealed unsafe class RunIsolation(int first, int last, ulong scope)
{
    private const int TcpVersion = 4; // Linux 6.7

    // Version 6 has it, but keeps the signals of a thread from its own process, which .NET needs: mended in Linux 6.15.
    private const int ScopeVersion = 7;
    private const ulong Scopes = 0b11; // LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET, LANDLOCK_SCOPE_SIGNAL
    private const ulong BindAndConnect = 0b11; // LANDLOCK_ACCESS_NET_BIND_TCP, LANDLOCK_ACCESS_NET_CONNECT_TCP

    /// <summary>Whether signals are kept to a run, too.</summary>
    public bool KeepsSignals => scope != 0;

    /// <summary>Tries it once. Null, and why, where the system has no means for it.</summary>
    public static RunIsolation? Open(int first, int last, out string whyNot)
    {
        var version = LinuxNative.LandlockVersion();
        whyNot = version < TcpVersion ? "the system has no Landlock that knows TCP ports (Linux 6.7)"
            : !SystemCallFilter.IsKnown ? $"the system calls of {RuntimeInformation.ProcessArchitecture} are not known"
            : "";
        if (whyNot.Length > 0)
        {
            return null;
        }

        var isolation = new RunIsolation(first, last, version >= ScopeVersion ? Scopes : 0);
        try
        {
            isolation.Start([], static () => { });
            return isolation;
        }
        catch (ProcessStartException exception)
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
    /// <param name="start">Starts it.</param>
    /// <exception cref="ProcessStartException">It could not be isolated, and was not started.</exception>
    public void Start(AppEndpoint? own, Action start) =>

        // Linux only takes what is allowed, port by port: 70 ms, and 40 ms when it is applied; 5 MB of the kernel's memory for each run.
        Start(Enumerable.Range(0, IPEndPoint.MaxPort + 1).Where(port => port < first || port > last || port == own?.Port), start);

    /// <summary>On a thread that gives up the same rights, which what it starts inherits, and ends.</summary>
    private void Start(IEnumerable<int> ports, Action start)
    {
        var rules = LinuxNative.CreateRuleset(BindAndConnect, scope);
        Check(rules >= 0);
        try
        {
            foreach (var port in ports)
            {
                Check(LinuxNative.AllowPort(rules, BindAndConnect, port));
            }

            Exception? failure = null;
            var thread = new Thread(() =>
            {
                try
                {
                    Check(LinuxNative.GiveUpNewRights() && LinuxNative.Restrict(rules) && SystemCallFilter.Apply());
                    start();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            });
            thread.Start();
            thread.Join();
            if (failure is not null)
            {
                throw failure as ProcessStartException ?? new ProcessStartException(failure.Message, failure);
            }
        }
        finally
        {
            LinuxNative.Close(rules);
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
