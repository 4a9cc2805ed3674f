namespace StreamHub.Domain.Instances;

/// <summary>
/// A process that cannot be mistaken for another: its id is reused, the three together are not.
/// </summary>
/// <param name="StartTime">When it started, in the system's own raw unit: clock ticks since boot on Linux
/// (proc(5), stat field 22), FILETIME on Windows (GetProcessTimes).</param>
/// <param name="BootId">The boot it started in: <c>/proc/sys/kernel/random/boot_id</c>; empty on Windows, where the start time is absolute.</param>
public sealed record ProcessIdentity(int Pid, long StartTime, string BootId);
