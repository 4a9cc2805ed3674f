using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace StreamHub.Server.Processes.Windows;

/// <summary>
/// The job object of a run: contains all processes of the run, which cannot leave it. Apps outlive the hub, so the job does not
/// kill its processes when its last handle closes. A job's name exists only as long as a handle is open, so the run's main
/// process holds one too.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe partial class WindowsJob : SafeHandleZeroOrMinusOneIsInvalid
{
    private const uint AccessQuery = 0x4;
    private const uint AccessAll = 0x1F001F;
    private const int ProcessList = 3;
    private const int ExtendedLimits = 9;
    private const uint DieOnUnhandledException = 0x400;
    private const uint KilledExitCode = 1;

    /// <summary>Required by the marshaller.</summary>
    public WindowsJob()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Creates the job of a run.</summary>
    /// <param name="existed">Whether it already existed; it is then opened.</param>
    /// <exception cref="Win32Exception">The job could not be created.</exception>
    public static WindowsJob Create(RunMark mark, out bool existed)
    {
        var job = CreateJobObject(null, Name(mark));
        var error = Marshal.GetLastPInvokeError();
        if (job.IsInvalid)
        {
            throw new Win32Exception(error);
        }

        existed = error == WindowsNative.ErrorAlreadyExists;

        // A crashing process must exit without an error dialog, which no one would answer.
        var limits = new Limits { Flags = DieOnUnhandledException };
        if (!existed && !SetInformationJobObject(job, ExtendedLimits, &limits, sizeof(Limits)))
        {
            throw new Win32Exception();
        }

        return job;
    }

    /// <summary>Opens the job of a run; null when no handle to it is open any more.</summary>
    public static WindowsJob? Open(RunMark mark)
    {
        var job = OpenJobObject(AccessAll, inherit: false, Name(mark));
        if (!job.IsInvalid)
        {
            return job;
        }

        job.Dispose();
        return null;
    }

    /// <summary>A second handle for the run's main process: it keeps the job's name alive and has no rights to change the job.</summary>
    /// <exception cref="Win32Exception">The handle could not be created.</exception>
    public WindowsJob InheritableHandle()
    {
        var self = new nint(-1);
        return DuplicateHandle(self, this, self, out var copy, AccessQuery, inherit: true, 0) ? copy : throw new Win32Exception();
    }

    /// <summary>The ids of the living processes.</summary>
    /// <exception cref="Win32Exception">The query failed.</exception>
    public int[] Processes()
    {
        // JOBOBJECT_BASIC_PROCESS_ID_LIST: two counts, then the ids.
        for (var room = 32; ; room *= 2)
        {
            var buffer = new nuint[room + 1];
            fixed (nuint* list = buffer)
            {
                if (QueryInformationJobObject(this, ProcessList, list, buffer.Length * sizeof(nuint), 0))
                {
                    return [.. buffer.AsSpan(1, ((int*)list)[1]).ToArray().Select(pid => (int)pid)];
                }
            }

            if (Marshal.GetLastPInvokeError() is not WindowsNative.ErrorMoreData and var error)
            {
                throw new Win32Exception(error);
            }
        }
    }

    /// <summary>Adds a process.</summary>
    public void Assign(SafeProcessHandle process)
    {
        if (!AssignProcessToJobObject(this, process))
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Kills every process of the job in one step.</summary>
    public void Terminate()
    {
        if (!TerminateJobObject(this, KilledExitCode))
        {
            throw new Win32Exception();
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => WindowsNative.CloseHandle(handle);

    // Global: identical for a service and for a desktop session.
    private static string Name(RunMark mark) => $@"Global\StreamHub-{mark}";

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial WindowsJob CreateJobObject(void* security, string name);

    [LibraryImport("kernel32", EntryPoint = "OpenJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial WindowsJob OpenJobObject(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, string name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(WindowsJob job, int kind, void* information, int size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryInformationJobObject(WindowsJob job, int kind, void* information, int size, nint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(WindowsJob job, SafeProcessHandle process);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateJobObject(WindowsJob job, uint code);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool DuplicateHandle(
        nint fromProcess, WindowsJob from, nint toProcess, out WindowsJob copy, uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint options);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public long ProcessTime;
        public long JobTime;
        public uint Flags;
        public nuint SmallestWorkingSet;
        public nuint LargestWorkingSet;
        public uint Processes;
        public nuint Affinity;
        public uint PriorityClass;
        public uint SchedulingClass;
        public fixed ulong InputOutput[6];
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint PeakProcessMemory;
        public nuint PeakJobMemory;
    }
}
