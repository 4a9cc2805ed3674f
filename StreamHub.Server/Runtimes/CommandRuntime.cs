using System.Globalization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Server.Runtimes;

/// <summary>Any program that serves HTTP on the port it is told.</summary>
internal static class CommandRuntime
{
    public static LaunchPlan Plan(App app, AppRuntime.Command command, AppEndpoint endpoint, string workingDirectory)
    {
        var environment = AppEnvironment.Create(app, [new("PYTHONUNBUFFERED", "1"), new("PYTHONIOENCODING", "utf-8")]);
        return new LaunchPlan(
            [.. command.Argv.Concat(app.Args).Select(word => Fill(word, app, endpoint))],
            workingDirectory,
            environment.ToDictionary(pair => pair.Key, pair => Fill(pair.Value, app, endpoint), environment.Comparer));
    }

    public static string HealthPath(App app, AppRuntime.Command command)
    {
        var path = (command.Health ?? "{basePath}/").Replace("{basePath}", app.BasePath, StringComparison.Ordinal);
        return path.StartsWith('/') ? path : "/" + path;
    }

    private static string Fill(string text, App app, AppEndpoint endpoint) => text
        .Replace("{port}", endpoint.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{basePath}", app.BasePath, StringComparison.Ordinal);
}
