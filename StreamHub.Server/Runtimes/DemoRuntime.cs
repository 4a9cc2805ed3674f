using System.Globalization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Server.Runtimes;

/// <summary>The built-in demo app: this executable once more, with the verb <c>demo</c>.</summary>
internal static class DemoRuntime
{
    public static LaunchPlan Plan(App app, AppEndpoint endpoint)
    {
        // Its diagnostics port would be open to every program of the hub's account.
        var port = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        return new LaunchPlan(
            [.. HubExecutable.Command, "demo", "--port", port, "--base-path", app.BasePath],
            AppContext.BaseDirectory,
            AppEnvironment.Create(app, required: [new("DOTNET_EnableDiagnostics", "0")]));
    }
}
