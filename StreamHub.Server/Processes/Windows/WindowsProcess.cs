using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Processes.Windows;

/// <summary>
/// Queries about one process. A process id cannot be reused while a handle to it is open, so code that must hit exactly one
/// process opens it, compares the start time, and then acts on the handle.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsProcess
{
    private const int BasicInformation = 0;
    private const int PageSize = 4096;
    private const int LargestEnvironment = 1024 * 1024;

    // winternl.h: PEB and RTL_USER_PROCESS_PARAMETERS of 64-bit processes; the hub is published for 64 bits only.
    private const int PebInBasicInformation = 1;
    private const int ParametersInPeb = 0x20;
    private const int EnvironmentInParameters = 0x80;

    // winternl.h: SYSTEM_PROCESS_INFORMATION of 64-bit systems. It begins with the distance to the next one, 0 for the last.
    private const int ProcessInformation = 5;
    private const int PrivateWorkingSetInProcess = 8;
    private const int PidInProcess = 80;
    private const int WorkingSetInProcess = 144;

    /// <summary>Opens a process; null when it does not exist or access is denied.</summary>
    public static SafeProcessHandle? Open(int pid, uint access)
    {
        var process = WindowsNative.OpenProcess(access | WindowsNative.ProcessQueryLimited | WindowsNative.Synchronize, inherit: false, pid);
        if (!process.IsInvalid)
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    /// <summary>Opens exactly this process, also after its exit; null when it is gone.</summary>
    public static SafeProcessHandle? Open(ProcessIdentity identity, uint access = 0)
    {
        var process = identity.Pid > 0 ? Open(identity.Pid, access) : null;
        if (process is null || StartTime(process) == identity.StartTime)
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    /// <summary>Start time as FILETIME: 100 ns since 1601, UTC.</summary>
    public static long StartTime(SafeProcessHandle process) =>
        WindowsNative.GetProcessTimes(process, out var creation, out _, out _, out _) ? creation : 0;

    public static bool IsRunning(SafeProcessHandle process) => WindowsNative.WaitForSingleObject(process, 0) == WindowsNative.WaitTimeout;

    /// <summary>CPU time since its start, user and system.</summary>
    public static TimeSpan CpuTime(SafeProcessHandle process) =>
        WindowsNative.GetProcessTimes(process, out _, out _, out var kernel, out var user) ? TimeSpan.FromTicks(kernel + user) : TimeSpan.Zero;

    /// <summary>
    /// The private working set of every process in bytes, by process id, as the Task Manager shows it: memory that no other process
    /// uses, without mapped files. Every Windows tells it here; GetProcessMemoryInfo does since Windows 10 22H2 only.
    /// </summary>
    public static Dictionary<int, long> Memory()
    {
        for (var size = 1 << 18; ; size *= 2)
        {
            var buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                var status = WindowsNative.NtQuerySystemInformation(ProcessInformation, start, size, out _);
                if (status == WindowsNative.StatusInfoLengthMismatch)
                {
                    continue;
                }

                if (status < 0)
                {
                    throw new Win32Exception(status, $"The processes could not be listed: 0x{status:X8}");
                }

                var memory = new Dictionary<int, long>();
                for (var at = start; ; at += *(int*)at)
                {
                    var (own, all) = (*(long*)(at + PrivateWorkingSetInProcess), *(long*)(at + WorkingSetInProcess));
                    memory[(int)*(nint*)(at + PidInProcess)] = own > 0 ? own : all;
                    if (*(int*)at == 0)
                    {
                        return memory;
                    }
                }
            }
        }
    }

    /// <summary>The ids of all current processes.</summary>
    public static int[] All()
    {
        for (var room = 1024; ; room *= 2)
        {
            var pids = new int[room];
            fixed (int* list = pids)
            {
                if (WindowsNative.EnumProcesses(list, room * sizeof(int), out var filled) && filled < room * sizeof(int))
                {
                    return pids[..(filled / sizeof(int))];
                }
            }
        }
    }

    /// <summary>The living processes with a mark of this data directory, except this process.</summary>
    public static List<MarkedProcess> Marked(string hub)
    {
        var marked = new List<MarkedProcess>();
        foreach (var pid in All())
        {
            if (pid == 0 || pid == Environment.ProcessId)
            {
                continue;
            }

            using var process = Open(pid, WindowsNative.ProcessReadMemory);
            if (process is not null && IsRunning(process) && MarkOf(process, hub) is { } mark)
            {
                marked.Add(new MarkedProcess(mark, new ProcessIdentity(pid, StartTime(process), "")));
            }
        }

        return marked;
    }

    /// <summary>The mark of a process for this data directory; null for none. The handle needs the right to read its memory.</summary>
    public static RunMark? MarkOf(SafeProcessHandle process, string hub)
    {
        var prefix = $"{RunMark.Variable}={hub}-";
        foreach (var variable in ReadEnvironment(process).Split('\0'))
        {
            if (variable.StartsWith(prefix, StringComparison.Ordinal)
                && long.TryParse(variable.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var run))
            {
                return new RunMark(hub, new RunId(run));
            }
        }

        return null;
    }

    /// <summary>The environment block of a process, from its memory; empty when unreadable.</summary>
    private static string ReadEnvironment(SafeProcessHandle process)
    {
        // PROCESS_BASIC_INFORMATION: six words, the second is the PEB's address.
        var basic = stackalloc nuint[6];
        if (WindowsNative.NtQueryInformationProcess(process, BasicInformation, basic, 6 * sizeof(nuint), out _) < 0
            || ReadAddress(process, basic[PebInBasicInformation] + ParametersInPeb) is not { } parameters
            || ReadAddress(process, parameters + EnvironmentInParameters) is not { } address)
        {
            return "";
        }

        // Page by page, because not every Windows version stores the block's length.
        var bytes = new List<byte>(PageSize);
        var page = new byte[PageSize];
        while (bytes.Count < LargestEnvironment)
        {
            var size = PageSize - (int)(address % PageSize);
            nuint read;
            fixed (byte* buffer = page)
            {
                if (!WindowsNative.ReadProcessMemory(process, address, buffer, (nuint)size, out read) || read == 0)
                {
                    break;
                }
            }

            bytes.AddRange(page.AsSpan(0, (int)read));
            address += read;
            var text = MemoryMarshal.Cast<byte, char>(CollectionsMarshal.AsSpan(bytes));
            if (text.IndexOf("\0\0".AsSpan()) is var end and >= 0)
            {
                return new string(text[..end]);
            }
        }

        return "";
    }

    private static nuint? ReadAddress(SafeProcessHandle process, nuint at)
    {
        nuint value = 0;
        return WindowsNative.ReadProcessMemory(process, at, &value, (nuint)sizeof(nuint), out _) && value != 0 ? value : null;
    }
}
