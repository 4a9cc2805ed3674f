using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Processes.Linux;

/// <summary>libc functions without an equivalent in .NET.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxNative
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int OpenReadOnly = 0;
    public const int OpenAppend = 0x1 | 0x40 | 0x400 | CloseOnExecute; // O_WRONLY | O_CREAT | O_APPEND
    public const short SpawnSetSignalDefaults = 0x04;
    public const short SpawnSetSignalMask = 0x08;
    public const short SpawnSetSession = 0x80;
    public const int ClockTicksPerSecond = 100; // sysconf(_SC_CLK_TCK): a constant of the kernel's user interface
    private const int SyscallPidfdSendSignal = 424;
    private const int SyscallPidfdOpen = 434;
    private const int SyscallLandlockCreateRuleset = 444;
    private const int SyscallLandlockAddRule = 445;
    private const int SyscallLandlockRestrictSelf = 446;
    private const int LandlockRulePathBeneath = 1;
    private const int LandlockRuleNetPort = 2;
    private const int OpenPath = 0x200000 | CloseOnExecute; // O_PATH
    private const int CloseOnExecute = 0x80000; // O_CLOEXEC

    // This value differs between architectures.
    private static readonly int OpenNoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000; // O_NOFOLLOW
    private const int LandlockTellVersion = 1;
    private const int PrctlSetSeccomp = 22;
    private const int PrctlSetNoNewPrivileges = 38;
    private const int SeccompFilter = 2;
    private const short PollIn = 1;

    // Larger than glibc's and musl's on every architecture.
    public const int SpawnStructSize = 512;
    public const int SignalSetSize = 128;

    /// <summary>A descriptor of the process that becomes readable at its exit, pidfd_open(2); -1 on failure.</summary>
    public static int OpenPidfd(int pid) => (int)SystemCall(SyscallPidfdOpen, pid, 0, 0, 0);

    /// <summary>Signals exactly the process of the descriptor, pidfd_send_signal(2).</summary>
    public static void Signal(int pidfd, int signal) => SystemCall(SyscallPidfdSendSignal, pidfd, signal, 0, 0);

    /// <summary>Blocks until the process of the descriptor has exited.</summary>
    public static void WaitForEnd(int pidfd)
    {
        var descriptor = new PollDescriptor { Descriptor = pidfd, Events = PollIn };
        while (Poll(&descriptor, 1, -1) < 1)
        {
            // Interrupted by a signal.
        }
    }

    /// <summary>The supported version of landlock(7); -1 for none.</summary>
    public static int LandlockVersion() => (int)SystemCall(SyscallLandlockCreateRuleset, 0, 0, LandlockTellVersion, 0);

    /// <summary>Creates a ruleset, landlock_create_ruleset(2).</summary>
    /// <param name="files">File actions that need a rule.</param>
    /// <param name="ports">Port actions that need a rule.</param>
    /// <param name="scope">Actions that are limited to processes of the same domain.</param>
    /// <returns>The ruleset's descriptor; -1 on failure.</returns>
    public static int CreateRuleset(ulong files, ulong ports, ulong scope)
    {
        // struct landlock_ruleset_attr, without members unknown to this kernel.
        var attributes = stackalloc ulong[] { files, ports, scope };
        return (int)SystemCall(SyscallLandlockCreateRuleset, (long)attributes, (scope != 0 ? 3 : ports != 0 ? 2 : 1) * sizeof(ulong), 0, 0);
    }

    /// <summary>Allows a file, or a folder with everything below it. A missing path, or one outside of a real file system, needs no rule.</summary>
    public static void AllowPath(int ruleset, FileRule rule)
    {
        // Symbolic links are not followed: their targets have rules of their own.
        var descriptor = Open(rule.Path, OpenPath | OpenNoFollow, 0);
        if (descriptor >= 0)
        {
            if (!AllowPath(ruleset, descriptor, rule.Rights))
            {
                AllowPath(ruleset, descriptor, rule.Rights & FileWall.OfFiles);
            }

            Close(descriptor);
        }
    }

    /// <summary>Allows a port, landlock_add_rule(2).</summary>
    public static bool AllowPort(int ruleset, ulong what, int port)
    {
        var attributes = stackalloc ulong[] { what, (ulong)port };
        return SystemCall(SyscallLandlockAddRule, ruleset, LandlockRuleNetPort, (long)attributes, 0) == 0;
    }

    /// <summary>Identifies the file at a path by inode and birth time, statx(2), without following symbolic links; default when missing.</summary>
    public static (ulong Inode, long Born) Identify(string path)
    {
        const int here = -100; // AT_FDCWD
        const int linkItself = 0x100; // AT_SYMLINK_NOFOLLOW
        const uint inodeAndBirth = 0x900; // STATX_INO | STATX_BTIME
        var status = stackalloc byte[256];
        return Status(here, path, linkItself, inodeAndBirth, status) == 0
            ? (*(ulong*)(status + 32), (*(long*)(status + 80) * 1_000_000_000) + *(uint*)(status + 88))
            : default;
    }

    private static bool AllowPath(int ruleset, int descriptor, ulong what)
    {
        // struct landlock_path_beneath_attr: packed.
        var attributes = stackalloc byte[sizeof(ulong) + sizeof(int)];
        Unsafe.WriteUnaligned(attributes, what);
        Unsafe.WriteUnaligned(attributes + sizeof(ulong), descriptor);
        return SystemCall(SyscallLandlockAddRule, ruleset, LandlockRulePathBeneath, (long)attributes, 0) == 0;
    }

    /// <summary>Applies the ruleset to this thread permanently, landlock_restrict_self(2).</summary>
    public static bool Restrict(int ruleset) => SystemCall(SyscallLandlockRestrictSelf, ruleset, 0, 0, 0) == 0;

    /// <summary>Prevents this thread from gaining privileges by execve, PR_SET_NO_NEW_PRIVS(2const).</summary>
    public static bool GiveUpNewRights() => ProcessControl(PrctlSetNoNewPrivileges, 1, 0, 0, 0) == 0;

    /// <summary>Filters the system calls of this thread permanently, PR_SET_SECCOMP(2const).</summary>
    public static bool SetCallFilter(void* program) => ProcessControl(PrctlSetSeccomp, SeccompFilter, (ulong)program, 0, 0) == 0;

    /// <summary>Blocks until the child has exited and collects its status, waitpid(2).</summary>
    public static ExitOutcome Reap(int pid)
    {
        const int interrupted = 4;
        while (true)
        {
            if (WaitPid(pid, out var status, 0) == pid)
            {
                var signal = status & 0x7f;
                return signal == 0 ? new ExitOutcome.Exited((status >> 8) & 0xff) : new ExitOutcome.Signalled(signal);
            }

            if (Marshal.GetLastPInvokeError() != interrupted)
            {
                return new ExitOutcome.Vanished();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint mask, void* status);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial void Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial void Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(out int pid, byte* path, void* actions, void* attributes, byte** argv, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial void DestroyActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddOpen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddChangeDirectory(void* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial void DestroyAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetSignalDefaults(void* attributes, void* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(void* attributes, void* set);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial void FillSignals(void* set);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial void EmptySignals(void* set);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long a, long b, long c, long d);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, ulong a, ulong b, ulong c, ulong d);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollDescriptor* descriptors, ulong count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }
}
