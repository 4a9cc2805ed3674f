using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Refuses, by seccomp(2), the ways to a TCP port that landlock(7) does not cover: protocols with a fallback to TCP, TCP Fast
/// Open, sockets made by io_uring, and system calls by another architecture's numbers. Also refuses resource limits on other
/// processes, by which the kernel would kill them. The calls fail as unsupported, as on many systems.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class SystemCallFilter
{
    // linux/bpf_common.h
    private const ushort Load = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort IfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort IfAtLeast = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private const ushort IfAnyBit = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    // linux/seccomp.h; struct seccomp_data is the call's number, its architecture, 8 bytes more, then the arguments, 8 bytes each.
    private const uint Allow = 0x7fff0000;
    private const uint Fail = 0x00050000; // with errno(3) in its lower half
    private const uint NumberAt = 0;
    private const uint ArchitectureAt = 4;
    private const uint ArgumentsAt = 16;

    private const uint NotAllowed = 1; // EPERM
    private const uint NoSuchCall = 38; // ENOSYS
    private const uint NoSuchOption = 92; // ENOPROTOOPT
    private const uint NoSuchProtocol = 93; // EPROTONOSUPPORT
    private const uint NotSupported = 95; // EOPNOTSUPP
    private const uint NoSuchFamily = 97; // EAFNOSUPPORT

    private const uint X32Numbers = 0x40000000; // __X32_SYSCALL_BIT
    private const uint IoUringSetup = 425;
    private const uint FamilySmc = 43;
    private const uint ProtocolSmc = 256;
    private const uint ProtocolMptcp = 262;
    private const uint LevelTcp = 6; // SOL_TCP
    private const uint UpperProtocol = 31; // TCP_ULP, which makes SMC of a TCP socket
    private const uint FastOpen = 0x20000000; // MSG_FASTOPEN

    private static readonly Instruction[]? Program = RuntimeInformation.ProcessArchitecture switch
    {
        // linux/audit.h
        Architecture.X64 => Write(0xc000003e, socket: 41, setOption: 54, sendTo: 44, sendMessage: 46, sendMessages: 307, setLimit: 302),
        Architecture.Arm64 => Write(0xc00000b7, socket: 198, setOption: 208, sendTo: 206, sendMessage: 211, sendMessages: 269, setLimit: 261),
        _ => null,
    };

    /// <summary>Whether the system-call numbers of this architecture are known.</summary>
    public static bool IsKnown => Program is not null;

    /// <summary>Filters the system calls of this thread, and of every process that it starts, permanently.</summary>
    public static bool Apply()
    {
        fixed (Instruction* instructions = Program)
        {
            var program = new FilterProgram { Length = (ushort)Program!.Length, Instructions = instructions };
            return LinuxNative.SetCallFilter(&program);
        }
    }

    private static Instruction[] Write(uint architecture, uint socket, uint setOption, uint sendTo, uint sendMessage, uint sendMessages, uint setLimit) =>
    [
        new(Load, ArchitectureAt),
        new(IfEqual, architecture, then: 1),
        new(Return, Fail | NoSuchCall),
        new(Load, NumberAt),
        .. Refused(IfAtLeast, X32Numbers, NoSuchCall),
        .. Refused(IfEqual, IoUringSetup, NoSuchCall),
        .. Of(socket, argument: 0, Refused(IfEqual, FamilySmc, NoSuchFamily)),
        .. Of(socket, argument: 2, [.. Refused(IfEqual, ProtocolSmc, NoSuchProtocol), .. Refused(IfEqual, ProtocolMptcp, NoSuchProtocol)]),
        .. Of(setOption, argument: 1, When(IfEqual, LevelTcp, [Argument(2), .. Refused(IfEqual, UpperProtocol, NoSuchOption)])),
        .. Of(setLimit, argument: 0, Refused(IfAtLeast, 1, NotAllowed)),
        .. Of(sendTo, argument: 3, Refused(IfAnyBit, FastOpen, NotSupported)),
        .. Of(sendMessage, argument: 2, Refused(IfAnyBit, FastOpen, NotSupported)),
        .. Of(sendMessages, argument: 3, Refused(IfAnyBit, FastOpen, NotSupported)),
        new(Return, Allow),
    ];

    /// <summary>Checks one argument of one call; the call number is loaded before and after.</summary>
    private static Instruction[] Of(uint call, uint argument, Instruction[] look) =>
        When(IfEqual, call, [Argument(argument), .. look, new(Load, NumberAt)]);

    private static Instruction[] Refused(ushort condition, uint value, uint error) => When(condition, value, [new(Return, Fail | error)]);

    private static Instruction[] When(ushort condition, uint value, Instruction[] steps) => [new(condition, value, otherwise: (byte)steps.Length), .. steps];

    private static Instruction Argument(uint argument) => new(Load, ArgumentsAt + (8 * argument));

    /// <summary>struct sock_filter; the jump offsets for a true and a false condition.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, uint value, byte then = 0, byte otherwise = 0)
    {
        private readonly ushort code = code;
        private readonly byte then = then;
        private readonly byte otherwise = otherwise;
        private readonly uint value = value;
    }

    /// <summary>struct sock_fprog.</summary>
    private struct FilterProgram
    {
        public ushort Length;
        public Instruction* Instructions;
    }
}
