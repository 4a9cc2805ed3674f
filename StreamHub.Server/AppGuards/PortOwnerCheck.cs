using StreamHub.Domain.Instances;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.AppGuards;

/// <summary>
/// Tells a program that took an app's port from the app: when that ended and the hub has yet to hear of it, or when it lives on and has
/// closed its listener, any program of the machine can listen in its place.
/// </summary>
internal sealed partial class PortOwnerCheck(Supervisor supervisor, RunStore runs, IProcessHost host, ILogger<PortOwnerCheck> logger)
{
    private RunId reported;

    /// <inheritdoc cref="ListenerProof"/>
    public bool IsOwn(AppEndpoint endpoint)
    {
        foreach (var (instance, run) in supervisor.State.Runs)
        {
            if (run.Process is { } process && process.Endpoint == endpoint)
            {
                var check = host.CheckListener(new RunMark(runs.HubId, run.Id), process.Identity, endpoint.Port);
                if (check == ListenerCheck.Foreign && reported != run.Id)
                {
                    // Once: whoever visits the app meets it again.
                    reported = run.Id;
                    Log.Squatted(logger, endpoint.Port, instance.Key, run.Id);
                }

                return check == ListenerCheck.Own;
            }
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(1711, LogLevel.Warning, "Another program listens on port {Port} of {Instance} run {Run}; nothing is sent to it")]
        public static partial void Squatted(ILogger logger, int port, InstanceKey instance, RunId run);
    }
}
