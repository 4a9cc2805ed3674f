using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Instances;

/// <summary>Writes what changed between two states to the log: transitions, not events.</summary>
internal static partial class Transitions
{
    public static void Log(ILogger logger, HubState before, HubState after)
    {
        if (ReferenceEquals(before, after) || !logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        foreach (var instance in after.Instances.Values)
        {
            var old = before.Find(instance.Key);
            if (ReferenceEquals(old, instance))
            {
                continue;
            }

            if (instance.LastExit is { } exit && !ReferenceEquals(old?.LastExit, exit))
            {
                Write.Ended(logger, instance.Key, exit.Run, exit.Outcome, exit.Lived.TotalSeconds);
            }

            if ((old?.Status ?? InstanceStatus.Stopped) != instance.Status)
            {
                Write.Became(logger, instance.Key, instance.Status, instance.Runs.LastOrDefault()?.Process?.Identity.Pid);
            }
        }
    }

    private static partial class Write
    {
        [LoggerMessage(1001, LogLevel.Information, "{Instance} is {Status} (pid {Pid})")]
        public static partial void Became(ILogger logger, InstanceKey instance, InstanceStatus status, int? pid);

        [LoggerMessage(1002, LogLevel.Information, "{Instance} run {Run} ended after {Seconds:F1} s: {Outcome}")]
        public static partial void Ended(ILogger logger, InstanceKey instance, RunId run, ExitOutcome outcome, double seconds);
    }
}
