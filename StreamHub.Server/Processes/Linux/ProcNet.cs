using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>The TCP sockets of <c>/proc/net/tcp</c> and <c>tcp6</c>, proc(5).</summary>
[SupportedOSPlatform("linux")]
internal static class ProcNet
{
    private const int Own = 1;
    private const int State = 3;
    private const int Uid = 7;
    private const int Inode = 9;
    private const string Listening = "0A";

    /// <summary>The listeners on a port, or all.</summary>
    public static List<ListeningSocket> Listeners(int? port) =>
    [
        .. from fields in Rows()
           where fields[State] == Listening && (port is not { } own || fields[Own].EndsWith(":" + Hex(own), StringComparison.Ordinal))
           let end = fields[Own].Split(':')
           select ListeningSocket.Of(fields[Inode], Address(end[0]), int.Parse(end[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
    ];

    /// <summary>The sockets with this local end: more than one only when it is connected to several peers.</summary>
    public static List<TcpSocket> Connections(IPEndPoint own)
    {
        var (port, address) = (Hex(own.Port), Hex(own.Address));
        string[] ends = [$"{address}:{port}", $"{Hex(own.Address.MapToIPv6())}:{port}"];
        return
        [
            .. from fields in Rows()
               where fields[State] != Listening && ends.Contains(fields[Own], StringComparer.Ordinal)
               select new TcpSocket(fields[Inode], uint.Parse(fields[Uid], CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The inodes of a process's open sockets.</summary>
    public static IEnumerable<string> SocketsOf(int pid) => SocketsOf(pid, out _);

    /// <inheritdoc cref="SocketsOf(int)"/>
    /// <param name="readable">False when the process exists but hides its descriptors.</param>
    public static IEnumerable<string> SocketsOf(int pid, out bool readable)
    {
        readable = true;
        try
        {
            return from descriptor in Directory.GetFiles($"/proc/{pid}/fd")
                   let target = new FileInfo(descriptor).LinkTarget
                   where target is not null && target.StartsWith("socket:[", StringComparison.Ordinal)
                   select target["socket:[".Length..^1];
        }
        catch (IOException)
        {
            return [];
        }
        catch (UnauthorizedAccessException)
        {
            readable = false;
            return [];
        }
    }

    private static IEnumerable<string[]> Rows() =>
        from file in (string[])["/proc/net/tcp", "/proc/net/tcp6"]
        where File.Exists(file)
        from line in File.ReadLines(file)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields.Length > Inode
        select fields;

    // As the kernel prints it: 32-bit words in host order.
    private static IPAddress Address(string hex) => new(MemoryMarshal.AsBytes<uint>(
        Enumerable.Range(0, hex.Length / 8).Select(word => uint.Parse(hex.AsSpan(word * 8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray()));

    private static string Hex(int port) => port.ToString("X4", CultureInfo.InvariantCulture);

    private static string Hex(IPAddress address) =>
        string.Concat(MemoryMarshal.Cast<byte, uint>(address.GetAddressBytes()).ToArray().Select(word => word.ToString("X8", CultureInfo.InvariantCulture)));
}
