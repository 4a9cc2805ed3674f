using System.Net;

namespace StreamHub.Server.Processes.Linux;

/// <summary>A TCP listener on Linux.</summary>
/// <param name="Inode">The inode, as in <c>/proc/PID/fd</c>.</param>
/// <param name="End">Its address, never IPv4 in IPv6 form, and its port.</param>
internal readonly record struct ListeningSocket(string Inode, IPEndPoint End)
{
    public bool IsLoopback => End.Address.Equals(IPAddress.Loopback) || End.Address.Equals(IPAddress.IPv6Loopback);

    public static ListeningSocket Of(string inode, IPAddress address, int port) => new(inode, new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port));
}
