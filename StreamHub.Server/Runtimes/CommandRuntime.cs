using System.Globalization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runtimes;

/// <summary>A program that serves HTTP on a given port.</summary>
internal sealed class CommandRuntime(HubSettings settings) : RuntimeAdapter
{
    public override Type Runtime => typeof(AppRuntime.Command);

    public override string? FindOutside(App app, AppFolders folders) =>
        base.FindOutside(app, folders) ?? (Command(app).Argv is [var program, ..] && !folders.AllowsProgram(program) ? program : null);

    public override LaunchPlan Plan(App app, RunId run, AppEndpoint endpoint)
    {
        var environment = AppEnvironment.Create(app, [new("PYTHONUNBUFFERED", "1"), new("PYTHONIOENCODING", "utf-8")]);
        return new LaunchPlan(
            [.. Command(app).Argv.Concat(app.Args).Select(word => Fill(word, app, endpoint))],
            new RunFolders(settings).EmptyWork(endpoint),
            environment.ToDictionary(pair => pair.Key, pair => Fill(pair.Value, app, endpoint), environment.Comparer));
    }

    public override string ReadinessPath(App app)
    {
        var path = (Command(app).Health ?? "{basePath}/").Replace("{basePath}", app.ServesAtRoot ? "" : app.BasePath, StringComparison.Ordinal);
        return "/" + path.TrimStart('/');
    }

    private static AppRuntime.Command Command(App app) => (AppRuntime.Command)app.Runtime;

    private static string Fill(string text, App app, AppEndpoint endpoint) => text
        .Replace("{port}", endpoint.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{basePath}", app.BasePath, StringComparison.Ordinal);
}
