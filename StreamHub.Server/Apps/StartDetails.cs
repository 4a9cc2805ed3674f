using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Configuration;
using StreamHub.Server.Processes;
using StreamHub.Server.Processes.Windows;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Apps;

/// <summary>How an app is started, for the admin who wants to do the same by hand.</summary>
internal sealed class StartDetails(ConfigurationStore store, Supervisor supervisor, LaunchPlanner planner, RuntimeAdapters runtimes, RunReports reports, HubSettings settings)
{
    /// <summary>The start of the newest run, else of the next one; null without such an app.</summary>
    public StartView? Of(AppSlug slug)
    {
        if (store.Current.FindApp(slug) is not { } app)
        {
            return null;
        }

        var running = supervisor.State.Instances.Values.Where(instance => instance.Key.App == slug)
            .SelectMany(instance => instance.Runs).Where(run => run.IsServing).OrderByDescending(run => run.Id).FirstOrDefault();
        var endpoint = running?.Process?.Endpoint ?? new AppEndpoint(settings.FirstAppPort);
        var report = running is null ? null : reports.Of(running.Id);
        var (plan, environment) = planner.Plan(app, endpoint);
        return new StartView(
            plan.WorkingDirectory,
            CommandLine(plan),
            [.. environment.Values.Keys.Union([RunMark.Variable, PairingNames.Variable]).Order(StringComparer.Ordinal).Select(name => new StartView.Variable(name, environment.SourceOf(name)))],
            runtimes.Of(app).Explain(app, environment, endpoint, report),
            report is not null);
    }

    private static string CommandLine(LaunchPlan plan) => OperatingSystem.IsWindows()
        ? $"cd /d \"{plan.WorkingDirectory}\" && {WindowsCommandLine.Join(plan.Argv)}"
        : $"cd {Quoted(plan.WorkingDirectory)} && {string.Join(' ', plan.Argv.Select(Quoted))}";

    // POSIX shell, 2.2.2: nothing is special between single quotes but their end.
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '=' or ',' or '+' or ':')
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
