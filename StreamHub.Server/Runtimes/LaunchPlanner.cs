using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runtimes;

/// <summary>Plans how an app is started.</summary>
internal sealed class LaunchPlanner(HubSettings settings, RuntimeAdapters runtimes, RunSecrets secrets)
{
    private readonly RunFolders folders = new(settings);

    /// <summary>Plans a start, and makes the folders that the run needs.</summary>
    /// <exception cref="ProcessStartException">A path is missing, outside of the app folders or in a closed one: links and settings may change later.</exception>
    public Launch Prepare(App app, RunId run, AppEndpoint endpoint)
    {
        if (Refusal(app) is { } refusal)
        {
            throw new ProcessStartException(refusal);
        }

        var launch = Plan(app, endpoint);
        if (launch.Plan.OwnFolder is { } own)
        {
            Directory.CreateDirectory(own);
        }

        folders.Replace(launch.Environment.Values);
        launch.Environment.Values[PairingNames.Variable] = secrets.Pairing(run);
        return launch;
    }

    /// <summary>How an app is started on a port; changes nothing.</summary>
    public Launch Plan(App app, AppEndpoint endpoint)
    {
        var plan = runtimes.Of(app).Plan(app, endpoint);
        return new Launch(plan, AppEnvironment.Create(plan.Suggested, settings, plan.Variables, plan.Required));
    }

    private string? Refusal(App app)
    {
        if (app.WorkingDirectory is { } folder)
        {
            if (!Path.IsPathFullyQualified(folder))
            {
                return $"workingDirectory: '{folder}' is not the absolute path of a folder.";
            }

            if (!Directory.Exists(folder))
            {
                return $"workingDirectory: there is no folder '{folder}'.";
            }

            if (!settings.Folders.AllowsFolder(folder))
            {
                return $"workingDirectory: '{folder}' does not lie in one of the folders for apps (StreamHub:Apps:Folders): {settings.Folders}.";
            }
        }

        return runtimes.Of(app).FindOutside(app, settings.Folders) is { } outside
            ? $"{outside} does not lie in one of the folders for apps (StreamHub:Apps:Folders): {settings.Folders}."
            : ClosedPaths.Of(settings.Folders, app.Runtime, app.WorkingDirectory, app.Env).FirstOrDefault() is { Path: { } path, Closed: var closed }
                ? $"{ClosedPaths.Why(path, closed)}."
                : null;
    }
}
