using System.Globalization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runtimes;

/// <summary>A program that serves HTTP on a given port.</summary>
internal sealed class CommandRuntime(HubSettings settings) : RuntimeAdapter
{
    private readonly RunFolders folders = new(settings);

    public override Type Runtime => typeof(AppRuntime.Command);

    public override string? FindOutside(App app, AppFolders allowed) =>
        base.FindOutside(app, allowed) ?? (Program(app) is { } program && !allowed.AllowsProgram(program) ? program : null);

    public override LaunchPlan Plan(App app, AppEndpoint endpoint)
    {
        // Without a folder to start in, the app gets one that outlives its runs.
        var folder = WorkingDirectory.Of(app, settings.Folders);
        var own = folder is null ? folders.Own(app.Slug) : null;
        string[] words = [.. Command(app).Argv.Concat(app.Args).Select(word => Fill(word, app, endpoint))];
        var program = WorkingDirectory.Program(words[0], folder ?? own);
        return new LaunchPlan([program, .. words[1..]], folder ?? own!, app.Env.Select(pair => KeyValuePair.Create(pair.Key, Fill(pair.Value, app, endpoint))))
        {
            Suggested = [new("PYTHONUNBUFFERED", "1"), new("PYTHONIOENCODING", "utf-8"), .. CondaEnvironment.Variables(program)],
            OwnFolder = own,
        };
    }

    public override string ReadinessPath(App app)
    {
        var path = (Command(app).Health ?? "{basePath}/").Replace("{basePath}", app.ServesAtRoot ? "" : app.BasePath, StringComparison.Ordinal);
        return "/" + path.TrimStart('/');
    }

    private static AppRuntime.Command Command(App app) => (AppRuntime.Command)app.Runtime;

    private string? Program(App app) => Command(app).Argv is [var program, ..] ? WorkingDirectory.Program(program, WorkingDirectory.Of(app, settings.Folders)) : null;

    private static string Fill(string text, App app, AppEndpoint endpoint) => text
        .Replace("{port}", endpoint.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{basePath}", app.BasePath, StringComparison.Ordinal);
}
