using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runtimes;

/// <summary>Converts an app into the launch plan of a run.</summary>
internal sealed class LaunchPlanner(HubSettings settings, RuntimeAdapters runtimes, RunSecrets secrets)
{
    private readonly RunFolders folders = new(settings);

    /// <exception cref="ProcessStartException">A path is outside of the app folders or in a closed one: links and settings may change later.</exception>
    public LaunchPlan Plan(App app, RunId run, AppEndpoint endpoint)
    {
        var runtime = runtimes.Of(app);
        if (runtime.FindOutside(app, settings.Folders) is { } outside)
        {
            throw new ProcessStartException($"{outside} does not lie in one of the folders for apps (StreamHub:Apps:Folders): {settings.Folders}.");
        }

        if (ClosedPaths.Of(settings.Folders, app.Runtime, app.Env).FirstOrDefault() is { Path: { } path, Closed: var closed })
        {
            throw new ProcessStartException($"{ClosedPaths.Why(path, closed)}.");
        }

        var plan = runtime.Plan(app, run, endpoint);
        folders.Replace(plan.Environment);
        plan.Environment[PairingNames.Variable] = secrets.Pairing(run);
        return plan;
    }
}
