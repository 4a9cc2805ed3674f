using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>Which unused runs are stopped, and when.</summary>
public static class Idleness
{
    /// <summary>How long before the stop of an unused run those who look at it are told; half the idle time where that is shorter.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(2);

    /// <summary>Time between two reports of use.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(15);

    // Of one core.
    private const double ComputingShare = 0.05;

    /// <summary>When a ready run is stopped unless it is used before; null for never. An open tab is no use: people and computations are.</summary>
    public static DateTimeOffset? Stop(Instance instance, Run run, SupervisionLimits limits)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(limits);
        var timeout = instance.App.IdleTimeout ?? limits.IdleTimeout;
        if (timeout <= TimeSpan.Zero || run.Keeping is Keeping.Now)
        {
            return null;
        }

        // What kept it may have ended all at once, long after it was last used: there is time for the notice all the same.
        var unused = run.LastUsed + timeout;
        return run.Keeping is Keeping.Until kept && kept.At + (timeout / 2 < Notice ? timeout / 2 : Notice) is var left && left > unused ? left : unused;
    }

    /// <summary>How seldom the use of an instance may be told, at most <see cref="LongestInterval"/>: what is told late must not end a run that is used.</summary>
    public static TimeSpan UseInterval(Instance instance, SupervisionLimits limits)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(limits);
        var timeout = instance.App.IdleTimeout ?? limits.IdleTimeout;
        return timeout > TimeSpan.Zero && timeout / 10 < LongestInterval ? timeout / 10 : LongestInterval;
    }

    /// <summary>When a run is stopped for want of use, those who look at it are told from then on.</summary>
    public static DateTimeOffset NoticeOf(Run run, DateTimeOffset stop)
    {
        ArgumentNullException.ThrowIfNull(run);
        var half = (stop - run.LastUsed) / 2;
        return stop - (half < Notice ? half : Notice);
    }

    /// <summary>Whether a process tree that took so much CPU time computes, which is use; an idle Streamlit takes half a percent of one core.</summary>
    /// <param name="cpuTime">CPU time that it took.</param>
    public static bool IsComputing(TimeSpan cpuTime, TimeSpan elapsed) => elapsed > TimeSpan.Zero && cpuTime > ComputingShare * elapsed;

    /// <summary>Whether an instance keeps its run, or gets one, although nobody uses it.</summary>
    internal static bool IsKept(HubState state, Instance instance, StepContext context)
    {
        var app = instance.App;
        if (app.MinRuns == 0 || instance.IsRemoved || !app.WarmHours.Allows(context.Wall, context.Zone))
        {
            return false;
        }

        return app.Instances == InstanceMode.Shared
            || (instance.ReadyRun is { } own && state.Instances.Values.Count(other => other.Key.App == app.Slug && other.ReadyRun is { } run && (run.LastUsed, run.Id).CompareTo((own.LastUsed, own.Id)) > 0) < app.MinRuns);
    }
}
