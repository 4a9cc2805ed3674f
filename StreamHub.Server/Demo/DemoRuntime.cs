using System.Globalization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Demo;

/// <summary>The built-in demo app: the hub's own executable with the command <c>demo</c>.</summary>
internal sealed class DemoRuntime : RuntimeAdapter
{
    public override Type Runtime => typeof(AppRuntime.Demo);

    public override string? FindOutside(App app, AppFolders folders) => null;

    public override LaunchPlan Plan(App app, AppEndpoint endpoint)
    {
        // .NET's diagnostics port would be open to every program of the hub's account.
        var port = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        return new LaunchPlan(
            [.. HubExecutable.Command, "demo", "--port", port, "--base-path", app.BasePath],
            AppContext.BaseDirectory,
            app.Env)
        {
            Required = [new("DOTNET_EnableDiagnostics", "0")],
        };
    }

    public override string ReadinessPath(App app) => $"/{app.BasePath}/";
}
