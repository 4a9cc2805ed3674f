using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Supervision;

/// <summary>Logs the differences between two states: transitions, not events.</summary>
internal static partial class TransitionLog
{
    public static void Log(ILogger logger, Transition transition, Instance? now)
    {
        if (transition.Exit is { } exit)
        {
            Write.Ended(logger, transition.Instance, exit.Run, exit.Outcome, exit.Lived.TotalSeconds);
        }

        if (transition.From != transition.To)
        {
            Write.Became(logger, transition.Instance, transition.To, now?.Runs.LastOrDefault()?.Process?.Identity.Pid);
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
