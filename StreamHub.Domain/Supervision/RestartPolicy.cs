using System.Collections.Immutable;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>What follows a failure: a growing pause, or quarantine.</summary>
public static class RestartPolicy
{
    /// <summary>Failures within <see cref="Window"/> that end in quarantine.</summary>
    public const int Intensity = 5;

    /// <summary>Quick exits in a row that end in quarantine. The first may be a port that somebody took.</summary>
    public const int QuickExits = 2;

    /// <summary>The time in which failures are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>A run that fails sooner than this never worked.</summary>
    public static readonly TimeSpan QuickExit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>The failures that still count.</summary>
    public static ImmutableArray<RunExit> Recent(ImmutableArray<RunExit> failures, DateTimeOffset now) =>
        failures.RemoveAll(failure => failure.At <= now - Window);

    /// <summary>Decides after a failure.</summary>
    /// <param name="recent">The failures that count, the new one last.</param>
    /// <param name="jitter">0 to below 1; spreads the pause over 75 % to 125 %.</param>
    public static Waiting Decide(ImmutableArray<RunExit> recent, DateTimeOffset now, double jitter)
    {
        // What the hub lacked is no app's fault, and ends without anybody's help to the app.
        var own = recent.RemoveAll(static failure => failure.Outcome is ExitOutcome.NotLaunched { IsShortage: true });
        var quickExits = 0;
        for (var i = own.Length - 1; i >= 0 && own[i].Lived < QuickExit; i--)
        {
            quickExits++;
        }

        if (quickExits >= QuickExits)
        {
            return new Waiting.Quarantined(now, QuarantineReason.ConfigurationError);
        }

        if (own.Length >= Intensity)
        {
            return new Waiting.Quarantined(now, QuarantineReason.CrashLoop);
        }

        return new Waiting.Backoff(now + (Pause(recent.Length) * (0.75 + (jitter / 2))), recent.Length);
    }

    /// <summary>
    /// When a run that serves badly may be replaced once more: after the same pauses, and no more often than would otherwise end in quarantine.
    /// </summary>
    /// <param name="failures">The failures of the instance, oldest first.</param>
    public static DateTimeOffset NextTry(ImmutableArray<RunExit> failures, DateTimeOffset now) => Recent(failures, now) switch
    {
        [] => now,
        { Length: >= Intensity } recent => recent[^Intensity].At + Window,
        var recent => recent[^1].At + Pause(recent.Length),
    };

    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(FirstPause.TotalSeconds * Math.Pow(2, failures - 1), LongestPause.TotalSeconds));
}
