using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.AppGuards;

/// <summary>
/// Distinguishes an app from another program on its port: after an app exited and before the hub notices, or after the app
/// closed its listener, any program of the machine can listen there.
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
                    // Logged once per run: every visit detects it again.
                    reported = run.Id;
                    Log.ForeignListener(logger, endpoint.Port, instance.Key, run.Id);
                }

                return check == ListenerCheck.Own;
            }
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(1711, LogLevel.Warning, "Another program listens on port {Port} of {Instance} run {Run}; requests are not forwarded to it")]
        public static partial void ForeignListener(ILogger logger, int port, InstanceKey instance, RunId run);
    }
}
