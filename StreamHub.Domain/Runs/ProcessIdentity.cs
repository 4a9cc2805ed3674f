
namespace StreamHub.Domain.Runs;

/// <summary>
/// The identity of a process: a process id is reused, the three values together are not.
/// </summary>
/// <param name="StartTime">When it started, in the system's own raw unit: clock ticks since boot on Linux
/// (proc(5), stat field 22), FILETIME on Windows (GetProcessTimes).</param>
/// <param name="BootId">The boot id: <c>/proc/sys/kernel/random/boot_id</c>; empty on Windows, where the start time is absolute.</param>
public sealed record ProcessIdentity(int Pid, long StartTime, string BootId);
