using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Apps;
using StreamHub.Server.Entries;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary>The same project as an app of a hub, and a user who may open it.</summary>
internal sealed class HubStreamlit : IAsyncDisposable
{
    private const string Slug = "observer";

    private readonly FullHub hub;

    private HubStreamlit(FullHub hub) => this.hub = hub;

    public Uri Page => new(hub.Users, $"app/{Slug}/");

    /// <summary>The variables of the machine that an app gets.</summary>
    public IReadOnlyDictionary<string, string> Environment => AppEnvironment.Inherit(hub.Get<HubSettings>()).Values;

    /// <summary>What this Streamlit does not offer, as the hub knows it.</summary>
    public IReadOnlyList<string> Unhooked => hub.Get<RunReports>().Of(AppSlug.Parse(Slug)).First().Report.Unhooked;

    public static async Task<HubStreamlit> StartAsync(string python, ObserverProject project, string user, string address, string[] args, Dictionary<string, string> env)
    {
        var started = await FullHub.StartAsync(null, $"Python={python}");
        var app = new AppEntry { Slug = Slug, Name = Slug, Script = project.Script, WorkingDirectory = project.Root, Args = args, Env = env };
        (await started.Editor.SaveAppAsync(app, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        await started.AddUserAsync(user, "user", address, Slug);
        return new HubStreamlit(started);
    }

    /// <summary>Starts the app.</summary>
    public Task RunAsync() => hub.RunAsync(new InstanceKey(AppSlug.Parse(Slug)));

    /// <summary>How the hub says that the app was started, once the app has told enough.</summary>
    public async Task<StartView> ExplainAsync(Predicate<StartView> isEnough, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var start = hub.Get<StartDetails>().Of(AppSlug.Parse(Slug))!;
            if (start.IsStarted && isEnough(start))
            {
                return start;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();
}
