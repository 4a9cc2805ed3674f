using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Sessions;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Gateway;

/// <summary>Selects the run that answers a request, and starts one for those who may wake the app.</summary>
internal sealed class RunSelector(Supervisor supervisor, RunUses uses, SessionTable sessions, SteadyClock clock)
{
    /// <summary>How long a request of a program waits for an app that starts.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The run that answers a request; null when none is ready.</summary>
    public Run? Find(AppRequest request)
    {
        if (supervisor.State.Find(request.Instance) is not { } instance)
        {
            return null;
        }

        var made = instance.Runs.FirstOrDefault(run => run.Id == request.Purpose.Run && run.IsServing);
        return (made ?? Former(request, instance) ?? instance.ReadyRun) is { Process: not null } run ? run : null;
    }

    /// <summary>Whether a request is demand for the app. What an open page asks after the app was stopped as idle is none.</summary>
    public bool IsDemand(AppRequest request) => request.Purpose.Kind switch
    {
        RequestKind.Page => true,
        RequestKind.Call => !(request.IsFromPage && sessions.IsForgotten(request.Instance, request.Guest)),
        _ => false,
    };

    /// <summary>Starts the app. Visitors can repeat this without limit.</summary>
    public void Wake(AppRequest request) => supervisor.Visit(request.Instance);

    /// <summary>Starts the app and waits for it. Nothing of the request's body is read meanwhile.</summary>
    /// <returns>Null when the app is not ready in time, or cannot be started by visitors.</returns>
    public async Task<Run?> AwaitAsync(AppRequest request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while (true)
        {
            var change = supervisor.NextChange(request.Instance);
            Wake(request);
            if (Find(request) is { } run)
            {
                return run;
            }

            var state = supervisor.State;
            if (!state.IsOpen || state.Find(request.Instance) is { Desired: Desired.Held } or { Waiting: Waiting.Quarantined } or { IsRemoved: true })
            {
                return null;
            }

            try
            {
                await change.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    /// <summary>Counts a request to a run that answers it; docs/apps.md has the rule.</summary>
    public void Count(AppRequest request, Run run)
    {
        if (request.Purpose.Kind is not (RequestKind.Page or RequestKind.Call))
        {
            return;
        }

        if (!run.HadSession)
        {
            uses.Of(run.Id).Ask(request.Guest);
        }
        else if (!request.IsFromPage)
        {
            uses.Of(run.Id).Act();
        }
    }

    /// <summary>The draining run whose page asks, where a page has no session that names it. A page that is opened anew is the next run's.</summary>
    private Run? Former(AppRequest request, Instance instance)
    {
        foreach (var old in instance.Runs.Where(static run => run is { State: RunState.Draining, HadSession: false, Process: not null }))
        {
            if (request.IsPage)
            {
                uses.Of(old.Id).Leave(request.Guest);
            }
            else if (request.IsFromPage && uses.Of(old.Id).IsWaitedFor(request.Guest))
            {
                return old;
            }
        }

        return null;
    }
}
