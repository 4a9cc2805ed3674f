using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using StreamHub.Server.Processes.Linux;

namespace StreamHub.Tests.Faults;

/// <summary>Faults of apps: F1, F5, F7 to F10, F15, F17, F18.</summary>
[SupportedOSPlatform("linux")]
internal static class AppFaults
{
    private const long MaxOutput = 20 << 20;

    /// <summary>F1: a process is killed, and another comes up after a pause.</summary>
    public static async Task KilledAsync(FaultScene scene)
    {
        var slug = scene.AnySlug();
        var before = await scene.Hub.ServedAsync(slug);
        scene.Hub.Signal(before.Pid, LinuxNative.SigKill, slug);
        await scene.Hub.ServedAsync(slug, answer => answer.Run > before.Run);
    }

    /// <summary>F5: a process stands still; it is found to hang and replaced, and its neighbours notice nothing.</summary>
    public static async Task StoppedAsync(FaultScene scene)
    {
        var slug = scene.AnySlug();
        var before = await scene.Hub.ServedAsync(slug);
        var others = scene.Hub.Slugs.Where(other => other != slug).ToArray();
        scene.Hub.Signal(before.Pid, FaultHub.SignalStop, slug);
        foreach (var other in others)
        {
            await scene.AnsweredAsync(other);
        }

        await scene.Hub.UntilAsync(() => Task.FromResult(Census.StartTime(before.Pid) is null), $"the hung {slug} is ended");
        await scene.Hub.ServedAsync(slug, answer => answer.Run > before.Run);
    }

    /// <summary>F7: a program that ends at once is tried again a few times and then left alone.</summary>
    public static async Task LoopAsync(FaultScene scene)
    {
        const int most = 5;
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        await hub.StopAsync(slug);
        await hub.SetAsync(slug, "habit", $"exit {scene.Random.Next(2)}");
        var before = hub.LastRun();
        await hub.ActAsync(slug, "start");
        await hub.UntilAsync(async () => await hub.StatusAsync(slug) == "quarantined", $"{slug} is quarantined");
        var tries = Enumerable.Range(1, (int)(hub.LastRun() - before)).Count(run => hub.RecordOf(before + run)?["app"]?.GetValue<string>() == slug);
        hub.Require(tries is >= 1 and <= most, $"{slug} was tried {tries} times");
        await hub.SetAsync(slug, "habit", "");
        await hub.ActAsync(slug, "start");
        await hub.ServedAsync(slug);
    }

    /// <summary>F8: whoever ignores the request to end is ended.</summary>
    public static async Task DeafAsync(FaultScene scene)
    {
        var slug = scene.AnySlug();
        await scene.Hub.ServedAsync(slug);
        await scene.Hub.AskAsync(slug, "deaf");
        await scene.Hub.StopAsync(slug);
        await scene.Hub.ActAsync(slug, "start");
    }

    /// <summary>F9: processes that left their session, their parents and their environment are ended with the app.</summary>
    public static async Task DaemonsAsync(FaultScene scene)
    {
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        var served = await hub.ServedAsync(slug);
        await hub.AskAsync(slug, "daemon");
        await hub.AskAsync(slug, "daemon");
        hub.Require(hub.Census.Living().Any(run => run.Key.Value == served.Run && run.Count() == 3), $"{slug} has two daemons");
        await hub.StopAsync(slug);
        await hub.ActAsync(slug, "start");
    }

    /// <summary>F10: two hundred processes at once; the hub answers meanwhile, and all are ended.</summary>
    public static async Task BombAsync(FaultScene scene)
    {
        const int enough = 150;
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        var served = await hub.ServedAsync(slug);
        await hub.AskAsync(slug, "bomb");
        await hub.UntilAsync(
            async () => await hub.ServedAsync(hub.Slugs.First(other => other != slug)) is not null && hub.Census.Living().Any(run => run.Key.Value == served.Run && run.Count() > enough),
            $"{slug} has become many");
        await hub.StopAsync(slug);
        await hub.ActAsync(slug, "start");
    }

    /// <summary>F15: a flood of output stays bounded, and its end is there.</summary>
    public static async Task ShoutAsync(FaultScene scene)
    {
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        var served = await hub.ServedAsync(slug);
        var printed = (await hub.AskAsync(slug, "shout?0.7"))?.Printed ?? 0;
        hub.History.Note("fault", $"{slug} printed {printed >> 20} MiB");
        await hub.UntilAsync(() => Task.FromResult(
            new DirectoryInfo(hub.RunDirectory(served.Run)).EnumerateFiles().Sum(file => file.Length) < MaxOutput), $"the output of {slug} is shortened");
    }

    /// <summary>F17: a script is blocked while the health check is fine; a restart by hand gets people going.</summary>
    public static async Task BlockedAsync(FaultScene scene)
    {
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        var before = await hub.ServedAsync(slug);
        await hub.AskAsync(slug, "block");
        await scene.PauseAsync(200);
        hub.Require((await hub.ServedAsync(slug)).Run == before.Run, $"{slug} still answers pages");
        await hub.ActAsync(slug, "restart?drain=false");
        await hub.ServedAsync(slug, answer => answer.Run > before.Run);
        await scene.AnsweredAsync(slug);
    }

    /// <summary>F18: others have all the ports: a clear message, no loop; and it goes on when there is one.</summary>
    public static async Task NoPortsAsync(FaultScene scene)
    {
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        await hub.StopAsync(slug);
        var taken = new List<TcpListener>();
        try
        {
            for (var port = hub.Process.FirstAppPort; port <= hub.Process.LastAppPort; port++)
            {
                taken.Add(new TcpListener(IPAddress.Loopback, port));
                try
                {
                    taken[^1].Start();
                }
                catch (SocketException)
                {
                    // An app has it.
                }
            }

            var before = hub.LastRun();
            await hub.ActAsync(slug, "start");
            await hub.UntilAsync(async () => await hub.RowAsync(slug) is var row && row.GetProperty("problem") is { ValueKind: System.Text.Json.JsonValueKind.String } problem
                && problem.GetString()!.Contains("No port from", StringComparison.Ordinal), $"{slug} says that there is no port");
            hub.Require(hub.LastRun() == before, "nothing was recorded of a run that never was");
        }
        finally
        {
            taken.ForEach(listener => listener.Dispose());
        }

        await hub.ActAsync(slug, "start");
        await hub.ServedAsync(slug);
    }
}
