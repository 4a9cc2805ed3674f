using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.Versioning;

namespace StreamHub.Server.Instances.Processes;

/// <summary>The listening TCP sockets of both address families, GetExtendedTcpTable.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsNet
{
    private const int IPv4 = 2;
    private const int IPv6 = 23;
    private const int OwnerPidListeners = 3;

    /// <summary>Who listens on a port: the owners' process ids (0 when the system does not tell), and whether each is bound to loopback.</summary>
    public static List<(int Pid, bool IsLoopback)> Listeners(int port)
    {
        var found = new List<(int, bool)>();

        // MIB_TCPROW_OWNER_PID: state, local address, local port, remote address, remote port, owner.
        Add(found, port, Table(IPv4), rowSize: 24, addressAt: 4, addressSize: 4, portAt: 8, pidAt: 20);

        // MIB_TCP6ROW_OWNER_PID: local address, scope, port, remote address, scope, port, state, owner.
        Add(found, port, Table(IPv6), rowSize: 56, addressAt: 0, addressSize: 16, portAt: 20, pidAt: 52);
        return found;
    }

    private static void Add(
        List<(int Pid, bool IsLoopback)> found, int port, ReadOnlySpan<byte> table, int rowSize, int addressAt, int addressSize, int portAt, int pidAt)
    {
        var rows = table.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(table);
        for (var row = table[Math.Min(4, table.Length)..]; rows > 0 && row.Length >= rowSize; rows--, row = row[rowSize..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(row[portAt..]) == port)
            {
                var address = new IPAddress(row.Slice(addressAt, addressSize));
                found.Add((BinaryPrimitives.ReadInt32LittleEndian(row[pidAt..]), IsLoopback(address)));
            }
        }
    }

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static byte[] Table(int family)
    {
        var size = 16 * 1024;
        while (true)
        {
            var table = new byte[size];
            fixed (byte* buffer = table)
            {
                switch (WindowsNative.GetExtendedTcpTable(buffer, ref size, sorted: false, family, OwnerPidListeners, 0))
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
}
