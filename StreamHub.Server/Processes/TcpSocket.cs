namespace StreamHub.Server.Processes;

/// <summary>One end of a TCP connection on Linux.</summary>
/// <param name="Inode">The inode, as in <c>/proc/PID/fd</c>; <c>0</c> when no process has the socket open.</param>
/// <param name="Uid">The effective user id of its creator.</param>
internal readonly record struct TcpSocket(string Inode, uint Uid);
