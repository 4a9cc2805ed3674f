using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>Which idle runs are stopped, and when.</summary>
public static class Idleness
{
    /// <summary>How long before an idle stop users see a notice; half the idle timeout where that is shorter.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(2);

    /// <summary>The presence after a request to a run without WebSockets; until its end the run is not stopped to free capacity.</summary>
    public static readonly TimeSpan PresenceTime = TimeSpan.FromMinutes(5);

    /// <summary>How long after a request a run without WebSockets that drains waits for the next one.</summary>
    public static readonly TimeSpan AskedTime = TimeSpan.FromMinutes(1);

    /// <summary>The longest interval between two reports of use.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(15);

    // Share of one core.
    private const double ComputingShare = 0.05;

    /// <summary>When a ready run is stopped if it stays unused; null for never. docs/apps.md says what counts as use.</summary>
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

        // The reason to keep the run may have ended long after its last use: the notice period still applies.
        var unused = run.LastUsed + timeout;
        return run.Keeping is Keeping.Until kept && kept.At + (timeout / 2 < Notice ? timeout / 2 : Notice) is var left && left > unused ? left : unused;
    }

    /// <summary>
    /// The interval between reports of use, at most <see cref="MaxInterval"/>: a late report must not cause the stop of a
    /// used run.
    /// </summary>
    public static TimeSpan UseInterval(Instance instance, SupervisionLimits limits)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(limits);
        var timeout = instance.App.IdleTimeout ?? limits.IdleTimeout;
        var interval = limits.ReconnectGrace / 2 < MaxInterval ? limits.ReconnectGrace / 2 : MaxInterval;
        return timeout > TimeSpan.Zero && timeout / 10 < interval ? timeout / 10 : interval;
    }

    /// <summary>The end of the last presence in a run without open sessions.</summary>
    internal static DateTimeOffset Empty(Run run, SupervisionLimits limits)
    {
        var empty = run.LastSeen + limits.ReconnectGrace;
        return !run.HadSession && run.LastUnderWay + PresenceTime is { } gone && gone > empty ? gone : empty;
    }

    /// <summary>When the notice of an idle stop begins.</summary>
    public static DateTimeOffset NoticeOf(Run run, DateTimeOffset stop)
    {
        ArgumentNullException.ThrowIfNull(run);
        var half = (stop - run.LastUsed) / 2;
        return stop - (half < Notice ? half : Notice);
    }

    /// <summary>Whether a process tree with this CPU time is computing, which is use; an idle Streamlit takes half a percent of one core.</summary>
    public static bool IsComputing(TimeSpan cpuTime, TimeSpan elapsed) => elapsed > TimeSpan.Zero && cpuTime > ComputingShare * elapsed;

    /// <summary>Whether an instance is kept warm: it keeps its run, or gets one, although unused.</summary>
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
