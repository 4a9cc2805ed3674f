using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>Which unused runs are stopped, and when.</summary>
public static class Idleness
{
    /// <summary>When a ready run is stopped unless it is used before; null for never. An open tab is no use: people and computations are.</summary>
    public static DateTimeOffset? Stop(HubState state, Instance instance, Run run, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(context);
        return (instance.App.IdleTimeout ?? context.Limits.IdleTimeout) is var timeout && timeout > TimeSpan.Zero && !IsKept(state, instance, context)
            ? run.LastUsed + timeout
            : null;
    }

    /// <summary>Whether an instance keeps its run, or gets one, although nobody uses it.</summary>
    internal static bool IsKept(HubState state, Instance instance, StepContext context)
    {
        var app = instance.App;
        if (app.MinRuns == 0 || instance.IsRemoved || !app.WarmHours.Allows(context.Wall, context.Zone))
        {
            return false;
        }

        return app.Instances == InstanceMode.Shared
            || (instance.ReadyRun is { } own && state.Instances.Values.Count(other => other.Key.App == app.Slug && other.ReadyRun?.LastUsed > own.LastUsed) < app.MinRuns);
    }
}
