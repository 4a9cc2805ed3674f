namespace StreamHub.Server.Processes;

/// <summary>One end of a TCP connection, as Linux tells of it.</summary>
/// <param name="Inode">What <c>/proc/PID/fd</c> calls it; <c>0</c> when no process has it open.</param>
/// <param name="Uid">The effective user id that made it.</param>
internal readonly record struct TcpSocket(string Inode, uint Uid);
