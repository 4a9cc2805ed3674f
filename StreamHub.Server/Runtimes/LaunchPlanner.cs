using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runtimes;

/// <summary>Turns an app into the command line of a run.</summary>
internal sealed class LaunchPlanner(HubSettings settings, RuntimeAdapters runtimes, RunSecrets secrets)
{
    /// <exception cref="ProcessStartException">A path of the app leads outside of the folders for apps: links and the setting change after an app was saved.</exception>
    public LaunchPlan Plan(App app, RunId run, AppEndpoint endpoint)
    {
        var runtime = runtimes.Of(app);
        if (runtime.FindOutside(app, settings.Folders) is { } outside)
        {
            throw new ProcessStartException($"{outside} does not lie in one of the folders for apps (StreamHub:Apps:Folders): {settings.Folders}.");
        }

        var plan = runtime.Plan(app, run, endpoint);
        plan.Environment[PairingNames.Variable] = secrets.Pairing(run);
        return plan;
    }
}
