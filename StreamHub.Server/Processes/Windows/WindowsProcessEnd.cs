using Microsoft.Win32.SafeHandles;

namespace StreamHub.Server.Processes.Windows;

/// <summary>A process as something to wait for; the handle stays the caller's.</summary>
internal sealed class WindowsProcessEnd : WaitHandle
{
    public WindowsProcessEnd(SafeProcessHandle process) =>
        SafeWaitHandle = new SafeWaitHandle(process.DangerousGetHandle(), ownsHandle: false);
}
