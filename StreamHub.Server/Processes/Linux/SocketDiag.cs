using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Queries TCP sockets from the kernel, sock_diag(7): one by its two ends, or all listeners. The time is independent
/// of the number of connections.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class SocketDiag
{
    private const int AddressFamilyNetlink = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int ProtocolSocketDiag = 4;
    private const int DontWait = 0x40;
    private const ushort ByFamily = 20; // SOCK_DIAG_BY_FAMILY, in the request and in its answer
    private const ushort Request = 1;
    private const ushort RequestDump = 0x301;
    private const ushort Error = 2;
    private const ushort Done = 3;
    private const uint InAnyState = uint.MaxValue;
    private const uint InStateListen = 1 << 10;
    private const byte InterNetwork = 2;
    private const byte InterNetworkV6 = 10;
    private const byte Tcp = 6;

    // struct nlmsghdr, struct inet_diag_req_v2, struct inet_diag_msg
    private const int HeaderSize = 16;
    private const int RequestSize = HeaderSize + 56;
    private const int AnswerSize = HeaderSize + 72;
    private const int IdInRequest = HeaderSize + 8;
    private const int IdInAnswer = HeaderSize + 4;
    private const int UidInAnswer = HeaderSize + 64;
    private const int InodeInAnswer = HeaderSize + 68;

    /// <summary>The socket with the local end <paramref name="own"/>; null when there is none, or the kernel gives no answer.</summary>
    public static TcpSocket? Find(IPEndPoint own, IPEndPoint other)
    {
        var descriptor = Socket(AddressFamilyNetlink, RawCloseOnExec, ProtocolSocketDiag);
        if (descriptor < 0)
        {
            return null;
        }

        try
        {
            Span<byte> buffer = stackalloc byte[1024];
            Write(buffer[..RequestSize], Request, InAnyState, own, other);
            fixed (byte* bytes = buffer)
            {
                // The answer is available as soon as the request has been sent.
                if (Send(descriptor, bytes, RequestSize, 0) != RequestSize
                    || Receive(descriptor, bytes, (nuint)buffer.Length, DontWait) < AnswerSize
                    || MemoryMarshal.Read<ushort>(buffer[4..]) != ByFamily)
                {
                    return null;
                }
            }

            return new TcpSocket(
                MemoryMarshal.Read<uint>(buffer[InodeInAnswer..]).ToString(CultureInfo.InvariantCulture), MemoryMarshal.Read<uint>(buffer[UidInAnswer..]));
        }
        finally
        {
            LinuxNative.Close(descriptor);
        }
    }

    /// <summary>The listeners on a port, or all; null when the kernel gives no answer.</summary>
    public static List<ListeningSocket>? Listeners(int? port)
    {
        var listeners = new List<ListeningSocket>();
        return AddListeners(port, new IPEndPoint(IPAddress.Any, 0), listeners) && AddListeners(port, new IPEndPoint(IPAddress.IPv6Any, 0), listeners) ? listeners : null;
    }

    private static bool AddListeners(int? port, IPEndPoint any, List<ListeningSocket> listeners)
    {
        var descriptor = Socket(AddressFamilyNetlink, RawCloseOnExec, ProtocolSocketDiag);
        if (descriptor < 0)
        {
            return false;
        }

        try
        {
            var buffer = new byte[32 * 1024];
            fixed (byte* bytes = buffer)
            {
                Write(buffer.AsSpan(0, RequestSize), RequestDump, InStateListen, any, any);
                if (Send(descriptor, bytes, RequestSize, 0) != RequestSize)
                {
                    return false;
                }

                // Each read returns several messages; the last one is marked.
                while (Receive(descriptor, bytes, (nuint)buffer.Length, DontWait) is var received and >= HeaderSize)
                {
                    for (ReadOnlySpan<byte> rest = buffer.AsSpan(0, (int)received); rest.Length >= HeaderSize;)
                    {
                        var (length, type) = (MemoryMarshal.Read<int>(rest), MemoryMarshal.Read<ushort>(rest[4..]));
                        if (type is Done or Error || length < HeaderSize || length > rest.Length)
                        {
                            return type == Done;
                        }

                        if (type == ByFamily && length >= AnswerSize && BinaryPrimitives.ReadUInt16BigEndian(rest[IdInAnswer..]) is var own && own == (port ?? own))
                        {
                            listeners.Add(ListeningSocket.Of(
                                MemoryMarshal.Read<uint>(rest[InodeInAnswer..]).ToString(CultureInfo.InvariantCulture),
                                new IPAddress(rest.Slice(IdInAnswer + 4, any.AddressFamily == AddressFamily.InterNetwork ? 4 : 16)),
                                own));
                        }

                        rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
                    }
                }

                return false;
            }
        }
        finally
        {
            LinuxNative.Close(descriptor);
        }
    }

    private static void Write(Span<byte> request, ushort kind, uint states, IPEndPoint own, IPEndPoint other)
    {
        request.Clear();
        MemoryMarshal.Write(request, RequestSize);
        MemoryMarshal.Write(request[4..], ByFamily);
        MemoryMarshal.Write(request[6..], kind);
        request[HeaderSize] = own.AddressFamily == AddressFamily.InterNetwork ? InterNetwork : InterNetworkV6;
        request[HeaderSize + 1] = Tcp;
        MemoryMarshal.Write(request[(HeaderSize + 4)..], states);

        // struct inet_diag_sockid: ports, addresses of 16 bytes each, interface, cookie
        var id = request[IdInRequest..];
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)own.Port);
        BinaryPrimitives.WriteUInt16BigEndian(id[2..], (ushort)other.Port);
        own.Address.TryWriteBytes(id[4..], out _);
        other.Address.TryWriteBytes(id[20..], out _);
        MemoryMarshal.Write(id[36..], own.Address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: var scope } ? (uint)scope : 0);
        id[40..48].Fill(byte.MaxValue); // no cookie
    }

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int descriptor, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int descriptor, byte* bytes, nuint length, int flags);
}
