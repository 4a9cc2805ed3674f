using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>The reaction to a failure: a growing backoff, or quarantine.</summary>
public static class RestartPolicy
{
    /// <summary>Number of failures within <see cref="Window"/> that leads to quarantine.</summary>
    public const int Intensity = 5;

    /// <summary>Number of consecutive quick exits that leads to quarantine. A single one may be a port conflict.</summary>
    public const int QuickExits = 2;

    /// <summary>The time window of counted failures.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>A run with a shorter life than this never worked.</summary>
    public static readonly TimeSpan QuickExit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(60);

    /// <summary>The failures within the window.</summary>
    public static ImmutableArray<RunExit> Recent(ImmutableArray<RunExit> failures, DateTimeOffset now) =>
        failures.RemoveAll(failure => failure.At <= now - Window);

    /// <summary>Decides after a failure.</summary>
    /// <param name="recent">The failures within the window, the new one last.</param>
    /// <param name="jitter">0 to below 1; spreads the backoff over 75 % to 125 %.</param>
    public static Waiting Decide(ImmutableArray<RunExit> recent, DateTimeOffset now, double jitter)
    {
        // A shortage of the hub is not the app's fault, and ends without a change to the app.
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
    /// When an impaired run may be replaced again: after the same backoff, and not more often than the quarantine limit.
    /// </summary>
    public static DateTimeOffset NextTry(ImmutableArray<RunExit> failures, DateTimeOffset now) => Recent(failures, now) switch
    {
        [] => now,
        { Length: >= Intensity } recent => recent[^Intensity].At + Window,
        var recent => recent[^1].At + Pause(recent.Length),
    };

    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(FirstPause.TotalSeconds * Math.Pow(2, failures - 1), MaxPause.TotalSeconds));
}
