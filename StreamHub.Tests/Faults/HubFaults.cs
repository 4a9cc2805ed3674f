using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using StreamHub.Server.Processes.Linux;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Faults;

/// <summary>Faults of the hub's process: F2, F3, F6, F11, F16, F36, F43, F44.</summary>
[SupportedOSPlatform("linux")]
internal static class HubFaults
{
    private const int RestartCode = 75;
    public static readonly TimeSpan MaxStop = TimeSpan.FromMinutes(2);

    /// <summary>F2: the hub is killed; the next one takes the same processes back, and the sessions go on.</summary>
    public static async Task KilledAsync(FaultScene scene)
    {
        var (served, sessions) = (await scene.ServedAsync(), await scene.AnsweredAsync());
        await KillAsync(scene.Hub);
        await scene.PauseAsync(300);
        await StartAsync(scene.Hub);
        await scene.NothingIsLostAsync(served, sessions);
    }

    /// <summary>F3: the hub is killed while an app starts, at any moment of it.</summary>
    public static async Task KilledWhileStartingAsync(FaultScene scene)
    {
        const int maxStart = 400;
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        await hub.StopAsync(slug);
        var before = hub.LastRun();
        await hub.ActAsync(slug, "start");
        await hub.UntilAsync(() => Task.FromResult(hub.LastRun() > before), $"a run of {slug} is recorded");
        await scene.PauseAsync(maxStart);
        await KillAsync(hub);
        await StartAsync(hub);
    }

    /// <summary>F6: the hub stands still for a while; it takes nobody for dead, and starts nothing.</summary>
    public static async Task StoppedAsync(FaultScene scene)
    {
        var (served, sessions) = (await scene.ServedAsync(), await scene.AnsweredAsync());
        var (hub, last) = (scene.Hub, scene.Hub.LastRun());
        hub.Signal(hub.Process.Pid, FaultHub.SignalStop, "the hub");
        await scene.PauseAsync(3000);
        hub.Signal(hub.Process.Pid, FaultHub.SignalContinue, "the hub");
        await scene.NothingIsLostAsync(served, sessions);
        hub.Require(hub.LastRun() == last, "nothing was started");
    }

    /// <summary>F11: the id of an app's process belongs to a stranger when the hub comes back; the stranger is neither adopted nor ended.</summary>
    public static async Task ReusedIdAsync(FaultScene scene)
    {
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        var served = await hub.ServedAsync(slug);
        await KillAsync(hub);
        hub.Signal(served.Pid, LinuxNative.SigKill, slug);
        using var stranger = Process.Start("sleep", ["600"]);
        try
        {
            hub.History.Note("fault", $"{stranger.Id} is a stranger with the id of {slug}");
            var record = JsonNode.Parse(await File.ReadAllTextAsync(hub.RecordFile(served.Run)))!;
            record["pid"] = stranger.Id;
            await File.WriteAllTextAsync(hub.RecordFile(served.Run), record.ToJsonString());
            await StartAsync(hub);
            var now = await hub.ServedAsync(slug, answer => answer.Run > served.Run);
            hub.Require(now.Pid != stranger.Id && !stranger.HasExited, $"the stranger {stranger.Id} is let alone");
        }
        finally
        {
            await Tool.SignalAsync(stranger.Id, "KILL");
        }
    }

    /// <summary>F16: who prints while there is no hub prints on.</summary>
    public static async Task NoReaderAsync(FaultScene scene)
    {
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        var (served, sessions) = (await scene.ServedAsync(), await scene.AnsweredAsync());
        var port = hub.RecordOf(served[slug].Run)!["port"]!.GetValue<int>();
        await KillAsync(hub);
        using (var direct = new HttpClient())
        {
            var answer = AppAnswer.Parse(await direct.GetByteArrayAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/shout?0.05"))));
            hub.Require(answer.Pid == served[slug].Pid && answer.Printed > 0, $"{slug} prints without a hub");
        }

        await StartAsync(hub);
        await scene.NothingIsLostAsync(served, sessions);
    }

    /// <summary>F36: the hub is replaced by its successor; no session is lost.</summary>
    public static async Task UpgradedAsync(FaultScene scene)
    {
        var (served, sessions) = (await scene.ServedAsync(), await scene.AnsweredAsync());
        var hub = scene.Hub;
        await File.WriteAllTextAsync(Path.Combine(hub.Process.DataDirectory, "restart.request"), "");
        var code = await hub.Process.WaitForExitAsync(MaxStop);
        hub.History.Note("hub", $"ended with {code}");
        hub.Require(code == RestartCode, $"the hub asked to be started again ({code})");
        await StartAsync(hub);
        await scene.NothingIsLostAsync(served, sessions);
    }

    /// <summary>F43: signals at any moment: while it starts, twice, or a hang-up. It ends in time, and after a request to end nothing is left.</summary>
    public static async Task SignalledAsync(FaultScene scene)
    {
        const int start = 1500;
        const int endedByTerminate = 128 + LinuxNative.SigTerm;
        const int endedByHangup = 128 + FaultHub.SignalHangup;
        var hub = scene.Hub;
        switch (scene.Random.Next(3))
        {
            case 0:
                // Killed first, so that there are apps to be taken over.
                await KillAsync(hub);
                var starting = hub.Process.RestartAsync();
                await scene.PauseAsync(start);
                hub.Signal(hub.Process.Pid, LinuxNative.SigTerm, "the hub");
                try
                {
                    await starting;
                }
                catch (InvalidOperationException exception)
                {
                    hub.History.Note("hub", exception.Message.Split('\n')[0]);
                }

                break;
            case 1:
                hub.Signal(hub.Process.Pid, LinuxNative.SigTerm, "the hub");
                await scene.PauseAsync(start / 2);
                hub.Signal(hub.Process.Pid, LinuxNative.SigTerm, "the hub");
                break;
            default:
                // Below nohup it goes on.
                var goesOn = Census.Ignores(hub.Process.Pid, FaultHub.SignalHangup);
                hub.Signal(hub.Process.Pid, FaultHub.SignalHangup, "the hub");
                if (goesOn)
                {
                    hub.Signal(hub.Process.Pid, LinuxNative.SigTerm, "the hub");
                }

                break;
        }

        var code = await hub.Process.WaitForExitAsync(MaxStop);
        hub.History.Note("hub", $"ended with {code}");

        // A hang-up ends it like a kill, and so does any signal before the runtime listens to them.
        hub.Require(code is 0 or endedByTerminate or endedByHangup, $"the hub ended in order ({code})");
        if (code == 0)
        {
            Gone(hub);
        }

        await StartAsync(hub);
    }

    /// <summary>F44: a second hub on the same data is refused, and the first goes on.</summary>
    public static async Task SecondAsync(FaultScene scene)
    {
        var (served, sessions) = (await scene.ServedAsync(), await scene.AnsweredAsync());
        var hub = scene.Hub.Process;
        var (code, output) = await hub.CommandAsync("run", "--StreamHub:Listen:Users=http://127.0.0.1:0", "--StreamHub:Listen:Admin=http://127.0.0.1:0");
        scene.Hub.Require(code != 0 && output.Contains(hub.DataDirectory, StringComparison.Ordinal), $"a second hub was refused: {code} {output}");
        await scene.NothingIsLostAsync(served, sessions);
    }

    public static async Task KillAsync(FaultHub hub)
    {
        hub.Signal(hub.Process.Pid, LinuxNative.SigKill, "the hub");
        await hub.Process.WaitForExitAsync(MaxStop);
    }

    public static async Task StartAsync(FaultHub hub)
    {
        var watch = Stopwatch.StartNew();
        await hub.Process.RestartAsync();
        hub.History.Note("hub", $"ready again ({hub.Process.Pid}) after {watch.Elapsed.TotalSeconds:F1} s");
    }

    private static void Gone(FaultHub hub)
    {
        var left = hub.Census.Living().SelectMany(run => run).ToArray();
        hub.Require(left.Length == 0, $"after the stop of the hub these are left: {string.Join(", ", left)}");
    }
}
