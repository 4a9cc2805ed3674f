namespace StreamHub.Server.Processes;

/// <summary>
/// From one look at what is to die to the next. Short while something changes, for who forks must be outrun; ever longer while the
/// same processes withstand: each look reads all processes of the machine.
/// </summary>
internal sealed class KillPause
{
    private const int QuickLooks = 25;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan pause = Shortest;
    private int same;
    private int last;

    /// <summary>How long to wait after a look.</summary>
    /// <param name="left">Stands for what was still alive: another number for others.</param>
    public TimeSpan After(int left)
    {
        (same, last) = (left == last ? same + 1 : 0, left);
        pause = same < QuickLooks ? Shortest : pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }
}
