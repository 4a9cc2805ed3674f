using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Windows;

/// <summary>
/// Sends Ctrl+C to the console of another process. Only a process that is attached to a console can do that, and a process can
/// be attached to one console only: so this runs in a separate process, the hub's executable with <c>--send-ctrl-c PID</c>.
/// </summary>
internal static class CtrlCHelper
{
    /// <summary>The command-line option.</summary>
    public const string Option = "--send-ctrl-c";

    private const uint CtrlC = 0;
    private const uint EveryoneAttached = 0;

    /// <summary>Sends Ctrl+C; returns 0 on success, 1 when the process or its console does not exist.</summary>
    public static int Run(int pid) => OperatingSystem.IsWindows() && Send(pid) ? 0 : 1;

    [SupportedOSPlatform("windows")]
    private static bool Send(int pid)
    {
        WindowsNative.FreeConsole();

        // This process is attached to the same console, and must survive its own Ctrl+C.
        return WindowsNative.AttachConsole(pid)
            && WindowsNative.SetConsoleCtrlHandler(0, add: true)
            && WindowsNative.GenerateConsoleCtrlEvent(CtrlC, EveryoneAttached);
    }
}
