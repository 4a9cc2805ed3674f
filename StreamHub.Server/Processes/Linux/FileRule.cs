namespace StreamHub.Server.Processes.Linux;

/// <summary>What a run may do in a folder and below it, or with a file.</summary>
/// <param name="Path">Absolute, without links.</param>
/// <param name="Rights">landlock(7), LANDLOCK_ACCESS_FS_….</param>
internal readonly record struct FileRule(string Path, ulong Rights);
