using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.Versioning;
using StreamHub.Domain.Access;

namespace StreamHub.Server.Processes.Windows;

/// <summary>The TCP sockets of both address families, GetExtendedTcpTable.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsNet
{
    private const int IPv4 = 2;
    private const int IPv6 = 23;
    private const int OwnerPidListeners = 3;
    private const int OwnerPidConnections = 4;
    private const int Established = 5;

    /// <summary>The listeners on a port: the owners' process ids (0 when unknown), and whether each is bound to loopback.</summary>
    public static List<(int Pid, bool IsLoopback)> Listeners(int port) =>
        [.. Sockets(OwnerPidListeners).Where(socket => socket.Own.Port == port).Select(socket => (socket.Pid, IsLoopback(socket.Own.Address)))];

    /// <summary>Where some processes listen.</summary>
    public static IReadOnlyList<IPEndPoint> Listeners(IReadOnlyCollection<int> pids) =>
        [.. Sockets(OwnerPidListeners).Where(socket => pids.Contains(socket.Pid)).Select(socket => socket.Own)];

    /// <summary>The owner of the connection with this local end: a process id (0 when unknown); null when it is closed.</summary>
    public static int? Owner(IPEndPoint own, IPEndPoint other)
    {
        foreach (var socket in Sockets(OwnerPidConnections))
        {
            if (socket.State == Established && IsSame(own, socket.Own) && IsSame(other, socket.Other))
            {
                return socket.Pid;
            }
        }

        return null;
    }

    // MIB_TCPROW_OWNER_PID: state, local address, local port, remote address, remote port, owner.
    // MIB_TCP6ROW_OWNER_PID: local address, scope, port, remote address, scope, port, state, owner.
    private static IEnumerable<Row> Sockets(int kind) =>
        Rows(Table(IPv4, kind), rowSize: 24).Select(row => new Row(row.Span[0], EndPoint(row, 4, 4, 8), EndPoint(row, 12, 4, 16), Number(row, 20)))
            .Concat(Rows(Table(IPv6, kind), rowSize: 56).Select(row => new Row(row.Span[48], EndPoint(row, 0, 16, 20), EndPoint(row, 24, 16, 44), Number(row, 52))));

    private static IEnumerable<ReadOnlyMemory<byte>> Rows(byte[] table, int rowSize)
    {
        var rows = table.Length == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(table);
        for (var at = 4; rows > 0 && at + rowSize <= table.Length; rows--, at += rowSize)
        {
            yield return table.AsMemory(at, rowSize);
        }
    }

    private static IPEndPoint EndPoint(ReadOnlyMemory<byte> row, int addressAt, int addressSize, int portAt) =>
        new(new IPAddress(row.Span.Slice(addressAt, addressSize)), BinaryPrimitives.ReadUInt16BigEndian(row.Span[portAt..]));

    private static int Number(ReadOnlyMemory<byte> row, int at) => BinaryPrimitives.ReadInt32LittleEndian(row.Span[at..]);

    // An IPv4 address may be in IPv6 form, and the table stores the zone separately.
    private static bool IsSame(IPEndPoint one, IPEndPoint two) =>
        one.Port == two.Port && ClientAddress.From(one.Address) == ClientAddress.From(two.Address);

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static byte[] Table(int family, int kind)
    {
        var size = 16 * 1024;
        while (true)
        {
            var table = new byte[size];
            fixed (byte* buffer = table)
            {
                switch (WindowsNative.GetExtendedTcpTable(buffer, ref size, sorted: false, family, kind, 0))
                {
                    case 0:
                        return table;
                    case WindowsNative.ErrorInsufficientBuffer:
                        size += 1024;
                        break;
                    case var error when family == IPv4:
                        throw new Win32Exception(error);
                    default:
                        // A machine without IPv6.
                        return [];
                }
            }
        }
    }

    private readonly record struct Row(int State, IPEndPoint Own, IPEndPoint Other, int Pid);
}
