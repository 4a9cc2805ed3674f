using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamHub.Server.Processes.Linux;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Faults;

/// <summary>A hub process of its own with apps of <c>faulty.py</c>, an admin and a user; and what a fault does to them.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FaultHub : IAsyncDisposable
{
    public const string UserAddress = "127.0.0.10";
    public const int SignalHangup = 1;
    public const int SignalContinue = 18;
    public const int SignalStop = 19;

    private const string AdminAddress = "127.0.0.2";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    private readonly PersonaClient admin = new(AdminAddress);
    private readonly PersonaClient user = new(UserAddress);

    private FaultHub(HubProcess process, FaultHistory history)
    {
        Process = process;
        History = history;
        Census = new Census(File.ReadAllText(Path.Combine(process.DataDirectory, "hub-id")));
    }

    public HubProcess Process { get; }

    public FaultHistory History { get; }

    public Census Census { get; }

    /// <summary>The apps that are there from the beginning.</summary>
    public IReadOnlyList<string> Slugs { get; } = ["alpha", "beta", "gamma"];

    /// <summary>Where the files are that change the apps.</summary>
    public string Folder { get; } = TestDirectory.Create();

    /// <summary>Starts a hub whose patience is short, and registers everything.</summary>
    public static async Task<FaultHub> StartAsync(FaultHistory history)
    {
        var process = await HubProcess.StartAsync(
            "--StreamHub:Apps:StopGrace=1s",
            "--StreamHub:Apps:DrainTimeout=10s",
            "--StreamHub:Apps:AnswerTimeout=2s",
            "--StreamHub:Apps:MemoryReserve=0");
        var hub = new FaultHub(process, history);
        try
        {
            using var claim = await hub.admin.ClaimAsync(process.ClaimLink!);
            hub.Require(claim.StatusCode == HttpStatusCode.SeeOther, $"the first admin could not come in: {claim.StatusCode}");
            foreach (var slug in hub.Slugs)
            {
                await hub.AddAppAsync(slug);
            }

            (await hub.ApiAsync(HttpMethod.Put, "users/kim", new { role = "user", addresses = new[] { UserAddress }, apps = hub.Slugs })).Dispose();
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>Registers another app.</summary>
    public async Task AddAppAsync(string slug)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Faults", "Apps", "faulty.py");
        string[] command = ["python3", "-S", script, "{port}", Folder, slug];
        (await ApiAsync(HttpMethod.Post, "apps", new { slug, name = slug, runtime = "command", command })).Dispose();
    }

    /// <summary>Changes how an app behaves from its next start on; empty for well.</summary>
    public Task SetAsync(string slug, string what, string value)
    {
        History.Note("fault", $"{slug}.{what} = '{value}'");
        return File.WriteAllTextAsync(Path.Combine(Folder, $"{slug}.{what}"), value);
    }

    /// <summary>Asks the API as the admin.</summary>
    /// <exception cref="FaultException">It refused.</exception>
    public async Task<HttpResponseMessage> ApiAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{Process.AdminOrigin}/api/v1/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        using var patience = new CancellationTokenSource(Patience);
        var answer = await admin.Http.SendAsync(request, patience.Token);
        Require(await answer.IsTakenUpAsync(), $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(patience.Token)}");
        return answer;
    }

    /// <summary>Reads from the API as the admin.</summary>
    public async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = await ApiAsync(HttpMethod.Get, path);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Starts, stops or restarts an app.</summary>
    public async Task ActAsync(string slug, string verb)
    {
        History.Note("admin", $"{verb} {slug}");
        (await ApiAsync(HttpMethod.Post, $"apps/{slug}/{verb}")).Dispose();
    }

    /// <summary>An instance's row of the dashboard; it is of the last second.</summary>
    public async Task<JsonElement> RowAsync(string slug) =>
        (await ReadAsync("instances")).EnumerateArray().FirstOrDefault(row => row.GetProperty("slug").GetString() == slug);

    /// <summary>What an instance is doing at this moment; "held" means that nothing of it runs any more.</summary>
    public async Task<string> StatusAsync(string slug)
    {
        using var patience = new CancellationTokenSource(Patience);
        var status = await user.Http.GetFromJsonAsync<JsonElement>(new Uri($"{Process.UsersOrigin}/_hub/apps/{slug}/status"), patience.Token);
        return status.GetProperty("state").GetString()!;
    }

    /// <summary>Opens an app's page as the user; null when it does not answer.</summary>
    public async Task<AppAnswer?> AskAsync(string slug, string path = "", bool asAdmin = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Process.UsersOrigin}/app/{slug}/{path}");
        request.Headers.Accept.ParseAdd("text/html");
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var answer = await (asAdmin ? admin : user).Http.SendAsync(request, patience.Token);
            return answer.StatusCode == HttpStatusCode.OK ? AppAnswer.Parse(await answer.Content.ReadAsByteArrayAsync(patience.Token)) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Visits an app until it answers as it should.</summary>
    public async Task<AppAnswer> ServedAsync(string slug, Func<AppAnswer, bool>? condition = null, bool asAdmin = false)
    {
        AppAnswer? answer = null;
        await UntilAsync(async () => (answer = await AskAsync(slug, asAdmin: asAdmin)) is not null && condition?.Invoke(answer) != false, $"{slug} serves");
        return answer!;
    }

    /// <summary>Stops an app and waits until nothing of it is left.</summary>
    public async Task StopAsync(string slug)
    {
        await ActAsync(slug, "stop");
        await UntilAsync(async () => await StatusAsync(slug) == "held", $"{slug} is held");
        var left = Census.Living().Where(run => RecordOf(run.Key.Value)?["app"]?.GetValue<string>() == slug).SelectMany(run => run).ToArray();
        Require(left.Length == 0, $"after the stop of {slug} these are left: {string.Join(", ", left)}");
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int pid, int signal, string what)
    {
        History.Note("fault", $"signal {signal} to {what} ({pid})");
        LinuxNative.Kill(pid, signal);
    }

    public string RecordFile(long run) => Path.Combine(RunDirectory(run), "run.json");

    public string RunDirectory(long run) => Path.Combine(Process.DataDirectory, "runs", $"{run:D6}");

    /// <summary>What the hub wrote down of a run.</summary>
    public JsonNode? RecordOf(long run)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(RecordFile(run)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The highest number of a run that was recorded.</summary>
    public long LastRun() => Directory.EnumerateDirectories(Path.Combine(Process.DataDirectory, "runs")).Select(path => long.Parse(Path.GetFileName(path))).DefaultIfEmpty(0).Max();

    /// <exception cref="FaultException">It is not so.</exception>
    public void Require(bool condition, string what)
    {
        if (!condition)
        {
            History.Note("checker", $"NOT SO: {what}");
            throw new FaultException(what);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="FaultException">It did not in time.</exception>
    public async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Require(TimeProvider.System.GetElapsedTime(start) < (patience ?? Patience), $"it did not come true that {what}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        user.Dispose();
        await Process.DisposeAsync();
    }
}
