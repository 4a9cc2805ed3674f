namespace StreamHub.Server.Processes;

/// <summary>
/// The pause between two kill passes. Short while the set of processes changes, to outrun forks; longer while the same processes
/// survive, because each pass reads all processes of the machine.
/// </summary>
internal sealed class KillPause
{
    private const int QuickLooks = 25;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan pause = Shortest;
    private int same;
    private int last;

    /// <summary>The pause after a pass.</summary>
    /// <param name="left">A fingerprint of the surviving processes.</param>
    public TimeSpan After(int left)
    {
        (same, last) = (left == last ? same + 1 : 0, left);
        pause = same < QuickLooks ? Shortest : pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }
}
