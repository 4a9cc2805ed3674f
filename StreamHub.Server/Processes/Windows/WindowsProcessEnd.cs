using Microsoft.Win32.SafeHandles;

namespace StreamHub.Server.Processes.Windows;

/// <summary>A wait handle for a process; the caller keeps ownership of the process handle.</summary>
internal sealed class WindowsProcessEnd : WaitHandle
{
    public WindowsProcessEnd(SafeProcessHandle process) =>
        SafeWaitHandle = new SafeWaitHandle(process.DangerousGetHandle(), ownsHandle: false);
}
