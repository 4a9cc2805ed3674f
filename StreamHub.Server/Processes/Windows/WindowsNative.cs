using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace StreamHub.Server.Processes.Windows;

/// <summary>Win32 functions without an equivalent in .NET: processes, consoles, machine counters.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsNative
{
    public const uint CreateUnicodeEnvironment = 0x400;
    public const uint ExtendedStartupInfoPresent = 0x80000;
    public const uint CreateNoWindow = 0x8000000;
    public const uint UseStandardHandles = 0x100;
    public const nuint AttributeHandleList = 0x20002;
    public const nuint AttributeJobList = 0x2000D;

    public const uint ProcessTerminate = 0x1;
    public const uint ProcessReadMemory = 0x10;
    public const uint ProcessSetQuota = 0x100;
    public const uint ProcessQueryLimited = 0x1000;
    public const uint Synchronize = 0x100000;

    public const uint FileAppendData = 0x4;
    public const uint GenericRead = 0x80000000;
    public const uint ShareAll = 0x7;
    public const uint OpenExisting = 3;
    public const uint OpenAlways = 4;

    public const uint FailCriticalErrors = 0x1;
    public const uint NoFaultErrorBox = 0x2;
    public const uint WaitTimeout = 0x102;
    public const int ErrorInsufficientBuffer = 122;
    public const int ErrorAlreadyExists = 183;
    public const int ErrorMoreData = 234;
    public const int StatusInfoLengthMismatch = unchecked((int)0xC0000004);

    [LibraryImport("kernel32", EntryPoint = "CreateProcessW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CreateProcess(
        char* program, char* commandLine, void* processSecurity, void* threadSecurity, [MarshalAs(UnmanagedType.Bool)] bool inheritHandles,
        uint flags, char* environment, char* directory, StartupInfo* startup, ProcessInformation* information);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool InitializeProcThreadAttributeList(void* list, int count, int flags, ref nuint size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool UpdateProcThreadAttribute(void* list, uint flags, nuint attribute, void* value, nuint size, void* previous, void* returnSize);

    [LibraryImport("kernel32")]
    public static partial void DeleteProcThreadAttributeList(void* list);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle CreateFile(
        string name, uint access, uint share, SecurityAttributes* security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CloseHandle(nint handle);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial SafeProcessHandle OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, int pid);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessTimes(SafeProcessHandle process, out long creation, out long exit, out long kernel, out long user);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetExitCodeProcess(SafeProcessHandle process, out int code);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool TerminateProcess(SafeProcessHandle process, uint code);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial uint WaitForSingleObject(SafeProcessHandle process, uint milliseconds);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ReadProcessMemory(SafeProcessHandle process, nuint address, void* buffer, nuint size, out nuint read);

    [LibraryImport("kernel32", EntryPoint = "K32EnumProcesses", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool EnumProcesses(int* pids, int size, out int needed);

    [LibraryImport("ntdll")]
    public static partial int NtQuerySystemInformation(int kind, void* information, int size, out int length);

    [LibraryImport("ntdll")]
    public static partial int NtQueryInformationProcess(SafeProcessHandle process, int kind, void* information, int size, out int length);

    [LibraryImport("kernel32")]
    public static partial uint SetErrorMode(uint mode);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool FreeConsole();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool AttachConsole(int pid);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetConsoleCtrlHandler(nint handler, [MarshalAs(UnmanagedType.Bool)] bool add);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GenerateConsoleCtrlEvent(uint kind, uint group);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetSystemTimes(out long idle, out long kernel, out long user);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GlobalMemoryStatusEx(ref MemoryStatus status);

    [LibraryImport("iphlpapi")]
    public static partial int GetExtendedTcpTable(byte* table, ref int size, [MarshalAs(UnmanagedType.Bool)] bool sorted, int family, int kind, int reserved);

    [StructLayout(LayoutKind.Sequential)]
    public struct SecurityAttributes
    {
        public int Size;
        public nint Descriptor;
        public int InheritHandle;
    }

    /// <summary>STARTUPINFOEXW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StartupInfo
    {
        public int Size;
        public nint Reserved;
        public nint Desktop;
        public nint Title;
        public fixed uint Window[7];
        public uint Flags;
        public uint ShowWindow;
        public nint Reserved2;
        public nint StandardInput;
        public nint StandardOutput;
        public nint StandardError;
        public void* Attributes;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessInformation
    {
        public nint Process;
        public nint Thread;
        public int Pid;
        public int ThreadId;
    }

    /// <summary>MEMORYSTATUSEX.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryStatus
    {
        public int Size;
        public uint Load;
        public ulong Total;
        public ulong Available;
        public fixed ulong Others[5];
    }
}
