using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server;

/// <summary>Starts nothing: these tests tell the supervisor themselves what became of a launch.</summary>
internal sealed class NoEffects : IEffectRunner
{
    public void Run(HubEffect effect, Action<HubEvent> post)
    {
    }

    /// <summary>Visits an instance and tells of a run that became ready at a port.</summary>
    public static async Task<RunId> ReadyAsync(Supervisor supervisor, InstanceKey key, int port)
    {
        var cancellation = TestContext.Current.CancellationToken;
        supervisor.Post(new HubEvent.Requested(key));
        var starting = await supervisor.WaitForAsync(state => state.Find(key)?.StartingRun is not null, cancellation);
        var run = starting.Find(key)!.StartingRun!.Id;
        supervisor.Post(new HubEvent.Launched(run, new RunProcess(new ProcessIdentity(1, 1, "test"), new AppEndpoint(port))));
        supervisor.Post(new HubEvent.BecameReady(run));
        await supervisor.WaitForAsync(state => state.Find(key)?.ReadyRun is not null, cancellation);
        return run;
    }

    /// <summary>Tells of the end of all runs when the hub stops, which waits for it.</summary>
    public static async Task EndAsync(Supervisor supervisor)
    {
        var stopping = await supervisor.WaitForAsync(state => state.Phase is not HubPhase.Running, CancellationToken.None);
        foreach (var (_, run) in stopping.Runs)
        {
            supervisor.Post(new HubEvent.Exited(run.Id, new ExitOutcome.Exited(0)));
        }
    }
}
