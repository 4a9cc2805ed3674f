using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Windows;

/// <summary>
/// Presses Ctrl+C in the console of another process. A console takes it only from a process that is attached to it, and
/// a process can be attached to one alone: so this runs in a process of its own, the hub's executable with
/// <c>--send-ctrl-c PID</c>.
/// </summary>
internal static class CtrlCHelper
{
    /// <summary>The option that the hub's executable takes.</summary>
    public const string Option = "--send-ctrl-c";

    private const uint CtrlC = 0;
    private const uint EveryoneAttached = 0;

    /// <summary>Sends it; 0 when it was sent, 1 when there is no such process or it has no console.</summary>
    public static int Run(int pid) => OperatingSystem.IsWindows() && Send(pid) ? 0 : 1;

    [SupportedOSPlatform("windows")]
    private static bool Send(int pid)
    {
        WindowsNative.FreeConsole();

        // This process is attached too by then, and must outlive what it sends.
        return WindowsNative.AttachConsole(pid)
            && WindowsNative.SetConsoleCtrlHandler(0, add: true)
            && WindowsNative.GenerateConsoleCtrlEvent(CtrlC, EveryoneAttached);
    }
}
