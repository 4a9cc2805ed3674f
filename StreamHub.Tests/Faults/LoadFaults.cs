using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Faults;

/// <summary>Faults of change and of crowds: F20, F34, F35, F37 to F39.</summary>
[SupportedOSPlatform("linux")]
internal static class LoadFaults
{
    /// <summary>F20: the descriptors run out; who is in stays in, others are refused, what the hub keeps for itself suffices, and it recovers.</summary>
    public static async Task NoDescriptorsAsync(FaultScene scene)
    {
        const int crowd = 150;
        var hub = scene.Hub;
        await scene.AnsweredAsync();
        var before = await LimitAsync(null);
        await LimitAsync($"{Directory.GetFiles($"/proc/{hub.Process.Pid}/fd").Length + Descriptors.ForAccepting + scene.Random.Next(2, 60)}");
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < crowd; i++)
            {
                sockets.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
                sockets[^1].Blocking = false;
                try
                {
                    await sockets[^1].ConnectAsync("127.0.0.1", i % 2 == 0 ? hub.Process.UsersPort : hub.Process.AdminPort);
                }
                catch (SocketException)
                {
                    // Refused is what it may be.
                }
            }

            await hub.UntilAsync(() => Task.FromResult(hub.Process.Output.Contains("too few file descriptors", StringComparison.Ordinal)), "the hub says that it refuses connections");
            await scene.AnsweredAsync();
        }
        finally
        {
            await LimitAsync(before);
            sockets.ForEach(socket => socket.Dispose());
        }

        await scene.ServedAsync();

        async Task<string> LimitAsync(string? soft)
        {
            string[] arguments = soft is null ? ["--raw", "--noheadings", "-o", "SOFT", "-n"] : [$"--nofile={soft}:"];
            hub.History.Note("fault", $"descriptors of the hub: {soft ?? "as they are"}");
            var (code, output) = await Tool.RunAsync("prlimit", ["--pid", $"{hub.Process.Pid}", .. arguments], TimeSpan.FromSeconds(10));
            hub.Require(code == 0, $"prlimit: {output}");
            return output.Trim();
        }
    }

    /// <summary>F34: a new version takes over; open sessions stay on the old one until the drain time is over.</summary>
    public static async Task NewVersionAsync(FaultScene scene)
    {
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        var (before, session) = (await hub.ServedAsync(slug), await scene.AnsweredAsync(slug));
        var version = $"v{scene.Random.Next(1000)}";
        await hub.SetAsync(slug, "version", version);
        await hub.ActAsync(slug, "restart");
        var after = await hub.ServedAsync(slug, answer => answer.Version == version && answer.Run > before.Run);
        var still = await scene.AnsweredAsync(slug);
        hub.Require(still.Session == session.Session && still.Pid == session.Pid, $"the session stays with {session.Pid}");
        await hub.UntilAsync(() => Task.FromResult(scene.Sessions[slug].Last!.Pid == after.Pid), "the session moves when the drain time is over");
    }

    /// <summary>F35: a new version that never becomes ready changes nothing for anybody.</summary>
    public static async Task BrokenVersionAsync(FaultScene scene)
    {
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        var (before, session) = (await hub.ServedAsync(slug), await scene.AnsweredAsync(slug));
        await hub.SetAsync(slug, "habit", "exit 1");
        var last = hub.LastRun();
        await hub.ActAsync(slug, "restart");
        await hub.UntilAsync(() => Task.FromResult(hub.LastRun() > last), $"a run of {slug} was tried");
        await hub.UntilAsync(
            async () => await hub.RowAsync(slug) is { ValueKind: JsonValueKind.Object } row
                && row.GetProperty("status").GetString() == "running" && row.GetProperty("problem").ValueKind == JsonValueKind.String,
            $"{slug} runs, and the failure is shown");
        await hub.SetAsync(slug, "habit", "");
        hub.Require(!hub.Census.Living().Contains(new RunId(last + 1)), "nothing is left of the new one");
        hub.Require((await hub.ServedAsync(slug)).Pid == before.Pid, "the old one serves");
        hub.Require((await scene.AnsweredAsync(slug)).Session == session.Session, "the session goes on");
    }

    /// <summary>F37: a crowd comes back in one moment.</summary>
    public static async Task CrowdAsync(FaultScene scene)
    {
        const int crowd = 60;
        var patience = TimeSpan.FromMinutes(1);
        var (hub, slug) = (scene.Hub, scene.AnySlug());
        await hub.ServedAsync(slug);
        using var person = new PersonaClient(FaultHub.UserAddress);
        for (var time = 0; time < 2; time++)
        {
            hub.History.Note("fault", $"{crowd} sockets to {slug} at once");
            using var late = new CancellationTokenSource(patience, TimeProvider.System);
            var sockets = await Task.WhenAll(Enumerable.Range(0, crowd).Select(async _ =>
            {
                var socket = await person.ConnectAsync(
                    new Uri($"ws://127.0.0.1:{hub.Process.UsersPort}/app/{slug}/ws"), options => options.SetRequestHeader("Origin", hub.Process.UsersOrigin), late.Token);
                await socket.ReceiveAsync(new byte[1024], late.Token);
                return socket;
            }));
            foreach (var socket in sockets)
            {
                socket.Abort();
                socket.Dispose();
            }
        }
    }

    /// <summary>F38: many apps are wanted at once; all come up.</summary>
    public static async Task ColdStartsAsync(FaultScene scene)
    {
        var (hub, slugs) = (scene.Hub, Enumerable.Range(1, scene.Random.Next(4, 9)).Select(number => $"cold-{number}").ToArray());
        foreach (var slug in slugs)
        {
            await hub.AddAppAsync(slug);
        }

        hub.History.Note("fault", $"{slugs.Length} apps are wanted at once");
        await Task.WhenAll(slugs.Select(slug => hub.ServedAsync(slug, asAdmin: true)));
        foreach (var slug in slugs)
        {
            (await hub.ApiAsync(HttpMethod.Delete, $"apps/{slug}")).Dispose();
        }
    }

    /// <summary>F39: a service within the hub fails. The hub ends and says so, its apps go on, and the next hub takes them back.</summary>
    public static async Task BrokenServiceAsync(FaultScene scene)
    {
        const int failure = 70;
        var (served, sessions) = (await scene.ServedAsync(), await scene.AnsweredAsync());
        var hub = scene.Hub;
        await HubFaults.KillAsync(hub);

        // The service that waits for this file cannot delete it.
        var trap = Directory.CreateDirectory(Path.Combine(hub.Process.DataDirectory, "restart.request"));
        try
        {
            await hub.Process.RestartAsync();
        }
        catch (InvalidOperationException exception)
        {
            hub.History.Note("hub", exception.Message.Split('\n')[0]);
        }

        var code = await hub.Process.WaitForExitAsync(HubFaults.MaxStop);
        hub.Require(code == failure, $"the hub says by {code} that it failed");
        trap.Delete();
        await HubFaults.StartAsync(hub);
        await scene.NothingIsLostAsync(served, sessions);
    }

    /// <summary>F39: nonsense on a circuit and on the live feed ends that connection, and nothing else.</summary>
    public static async Task NonsenseAsync(FaultScene scene)
    {
        var hub = scene.Hub;
        using var admin = new PersonaClient("127.0.0.2");
        var (served, sessions) = (await scene.ServedAsync(), await scene.AnsweredAsync());
        foreach (var path in (string[])["_blazor", "hubs/live"])
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
            using var socket = await admin.ConnectAsync(
                new Uri($"ws://127.0.0.1:{hub.Process.AdminPort}/{path}"), options => options.SetRequestHeader("Origin", hub.Process.AdminOrigin), patience.Token);
            var nonsense = new byte[scene.Random.Next(1, 20_000)];
            scene.Random.NextBytes(nonsense);
            hub.History.Note("fault", $"{nonsense.Length} bytes of nonsense to /{path}");
            try
            {
                foreach (var part in (byte[][])[Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), Encoding.UTF8.GetBytes("{\"type\":1,\"target\":\"No\",\"arguments\":[{}]}\u001e"), nonsense])
                {
                    await socket.SendAsync(part, WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
                }
            }
            catch (WebSocketException)
            {
                // It was cut off already.
            }

            socket.Abort();
        }

        await scene.NothingIsLostAsync(served, sessions);
    }
}
