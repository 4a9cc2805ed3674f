using System.Runtime.Versioning;
using StreamHub.Domain.Instances;
using StreamHub.Server.Processes.Linux;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server;

/// <summary>A hub with one app, <c>fugitive.py</c>, and the pipe that all of the app's processes hold.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FugitiveApp : IAsyncDisposable
{
    private FugitiveApp(FullHub hub, InstanceKey key, NamedPipe pipe) => (Hub, Key, Pipe) = (hub, key, pipe);

    public FullHub Hub { get; }

    public InstanceKey Key { get; }

    public NamedPipe Pipe { get; }

    /// <summary>Starts the app, with control groups or without.</summary>
    public static async Task<FugitiveApp> StartAsync(string habit, bool groups)
    {
        RequireGroups(groups);
        var hub = await FullHub.StartAsync(null, "Apps:StopGrace=1s", $"Apps:ControlGroups={groups}", "Limits:RefusedBurst=1000000");
        var pipe = await NamedPipe.CreateAsync(Path.Combine(TestDirectory.Create(), "pipe"));
        var key = await hub.AddScriptAsync("fugitive", "fugitive.py", pipe.Path, habit);
        await hub.RunAsync(key);
        return new FugitiveApp(hub, key, pipe);
    }

    /// <summary>Skips a test that needs control groups where there are none.</summary>
    public static void RequireGroups(bool needed) =>
        Assert.SkipUnless(!needed || ControlGroups.Open(out _) is not null, "The tests may make no control groups here.");

    /// <summary>The control groups of a data directory's runs.</summary>
    public static IEnumerable<string> Groups(string hub) =>
        ControlGroups.Open(out _) is { } groups ? Directory.EnumerateDirectories(groups.Parent, $"streamhub-{hub}-*") : [];

    /// <inheritdoc cref="Groups(string)"/>
    public IEnumerable<string> Groups() => Groups(Hub.Get<RunStore>().HubId);

    /// <summary>Asks the app itself.</summary>
    public async Task AskAsync(string path)
    {
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri(Hub.Supervisor.State.Find(Key)!.ReadyRun!.Process!.Endpoint.Origin + path));
    }

    /// <summary>Stops it as an admin does, and waits until the hub says that it is over.</summary>
    public async Task StopAsync()
    {
        await Hub.Control.StopAsync(Key, FullHub.Actor, CancellationToken.None);
        await Hub.WaitForAsync(Key, instance => instance.Status == InstanceStatus.Held);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Pipe.DisposeAsync();
    }
}
