using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;
using StreamHub.Server.Processes.Linux;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.EndToEnd;
using StreamHub.Tests.Server.Admin;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T2: what a run tries on the hub's data directory and program, whose folder is closed to it, and what it needs for itself.</summary>
[SupportedOSPlatform("linux")]
public sealed class WallTests : IDisposable
{
    private const string Nobody = "65534";

    /// <summary>How an attempt ends that the system refuses.</summary>
    private static readonly string[] Refusals = ["PermissionError", "OSError", "CalledProcessError", "OperationalError", "nothing"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamhub-wall-");

    public WallTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RunIsolation.Open(TestHub.NewSettings(), out _) is not null, "This system cannot keep files from runs.");
        foreach (var script in (string[])["wall.py", "wall_streamlit.py", "wall_attempts.py"])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Server", "Apps", script), Path.Combine(folder.FullName, script));
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Result => Path.Combine(folder.FullName, "result.json");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_command_reaches_nothing_of_the_hub_and_all_of_its_own()
    {
        await using var hub = await FullHub.StartAsync();
        await SaveAsync(hub, new AppEntry { Slug = "wall", Name = "wall", Runtime = "command", Command = ["python3", In("wall.py"), "{port}", .. Words(hub.Directory, AppContext.BaseDirectory, Environment.ProcessId)] });

        await hub.RunAsync(new InstanceKey(AppSlug.Parse("wall")));

        Check(await ReadAsync());
    }

    [Fact]
    public async Task A_streamlit_script_reaches_nothing_of_the_hub_and_all_of_its_own()
    {
        await using var hub = await FullHub.StartAsync(null, $"Python={await E2E.StreamlitPythonAsync()}");
        await SaveAsync(hub, new AppEntry { Slug = "wall", Name = "wall", Runtime = "streamlit", Script = In("wall_streamlit.py"), Args = Words(hub.Directory, AppContext.BaseDirectory, Environment.ProcessId) });
        var run = (await hub.RunAsync(new InstanceKey(AppSlug.Parse("wall")))).ReadyRun!;

        (await hub.Get<StreamlitVisit>().RunAsync(run.Process!.Endpoint, "app/wall", hub.Get<RunSecrets>().Pairing(run.Id), runsScript: true, FullHub.Patience, Cancellation)).Should().BeOfType<VisitResult.Finished>();

        Check(await ReadAsync());
    }

    [Fact]
    public async Task Under_an_account_of_its_own_a_command_reaches_as_little()
    {
        await using var hub = await StartAsNobodyAsync("/usr/bin/python3");
        using var admin = await ClaimAsync(hub);
        await ApplyAsync(hub, new { slug = "wall", name = "Wall", runtime = "command", command = (string[])["/usr/bin/python3", In("wall.py"), "{port}", .. Words(hub.DataDirectory, ServerFolder, hub.Pid)], minRuns = 1 });

        await Eventually.TrueAsync(() => File.Exists(Result), patience: TimeSpan.FromMinutes(1));

        var found = await ReadAsync();
        found.GetProperty("uid").GetInt32().ToString().Should().Be(Nobody);
        Check(found);
    }

    [Fact]
    public async Task Under_an_account_of_its_own_a_streamlit_script_reaches_as_little()
    {
        await using var hub = await StartAsNobodyAsync(await E2E.StreamlitPythonAsync());
        using var admin = await ClaimAsync(hub);
        await ApplyAsync(hub, new { slug = "sales", name = "Wall", runtime = "streamlit", script = In("wall_streamlit.py"), args = Words(hub.DataDirectory, ServerFolder, hub.Pid), minRuns = 1 });
        await Eventually.TrueAsync(async () => await DemoVisit.StatusAsync(admin, $"{hub.UsersOrigin}/app/sales/_stcore/health") == HttpStatusCode.OK, patience: TimeSpan.FromMinutes(1));

        using var visitor = new StreamlitVisitor(admin, hub.UsersOrigin);
        await visitor.OpenAsync();

        var found = await ReadAsync();
        found.GetProperty("uid").GetInt32().ToString().Should().Be(Nobody);

        // The environment with Streamlit is root's, so that another account installs nothing into it.
        Check(found, notOwn: "pip");
    }

    [Fact]
    public async Task Where_an_app_could_create_nothing_it_is_refused_with_the_remedy_when_it_is_entered_and_when_it_is_started()
    {
        var data = folder.CreateSubdirectory("above").CreateSubdirectory("data").FullName;
        var above = Path.GetDirectoryName(data)!;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        foreach (var script in (string[])[Path.Combine(above, "app.py"), Path.Combine(data, "apps", "app.py")])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(script)!);
            await File.WriteAllTextAsync(script, "", Cancellation);
        }

        AppEntry[] entries =
        [
            new() { Slug = "above", Name = "above", Runtime = "streamlit", Script = Path.Combine(above, "app.py") },
            new() { Slug = "inside", Name = "inside", Runtime = "streamlit", Script = Path.Combine(data, "apps", "app.py") },
            new() { Slug = "home", Name = "home", Runtime = "demo", Env = new Dictionary<string, string> { ["HOME"] = data } },
            new() { Slug = "python", Name = "python", Runtime = "command", Command = [Path.Combine(data, "venv", "bin", "python"), "app.py"] },
            new() { Slug = "temp", Name = "temp", Runtime = "demo", Env = new Dictionary<string, string> { ["TMPDIR"] = folder.FullName } },
        ];
        await using (var open = await FullHub.StartAsync(data, "Apps:Isolation=False"))
        {
            foreach (var entry in entries)
            {
                await SaveAsync(open, entry);
            }
        }

        await using var hub = await FullHub.StartAsync(data);
        foreach (var entry in entries)
        {
            var result = await hub.Editor.SaveAppAsync(entry, entry.Slug, FullHub.Actor, Cancellation);
            result.Errors.Should().ContainSingle().Which.Message.Should().Contain(data).And.Contain("Use a folder beside it");
        }

        var key = new InstanceKey(AppSlug.Parse("home"));
        hub.Supervisor.Post(new HubEvent.Requested(key));
        (await hub.WaitForAsync(key, instance => instance.Status is InstanceStatus.Backoff or InstanceStatus.Quarantined)).ToString().Should().Contain("Use a folder beside it");
    }

    private static string ServerFolder => Path.GetDirectoryName(HubProcess.Built.Arguments[0])!;

    private string In(string script) => Path.Combine(folder.FullName, script);

    private string[] Words(string data, string program, int hub) => [data, Path.TrimEndingDirectorySeparator(program), $"{hub}", Result];

    private async Task<JsonElement> ReadAsync() => JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Result, Cancellation));

    private static void Check(JsonElement found, string? notOwn = null)
    {
        Of("data").Where(IsNotRefused).Should().BeEmpty();
        Of("program").Where(IsNotRefused).Should().BeEmpty();
        Of("names").Where(attempt => attempt.Value != "done").Should().BeEmpty("docs/threats.md names what Landlock does not know");
        Of("own").Where(need => need.Value != "done" && need.Key != notOwn).Should().BeEmpty();
        Of("data").Should().HaveCountGreaterThan(40);

        IEnumerable<KeyValuePair<string, string>> Of(string what) => found.GetProperty(what).Deserialize<Dictionary<string, string>>()!;
        static bool IsNotRefused(KeyValuePair<string, string> attempt) => !Refusals.Contains(attempt.Value.Split(':')[0]);
    }

    private static async Task SaveAsync(FullHub hub, AppEntry entry) =>
        (await hub.Editor.SaveAppAsync(entry, original: null, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();

    /// <summary>Starts a hub under another account than this one, root's; its home is the machine's root, in which it can make nothing.</summary>
    private async Task<HubProcess> StartAsNobodyAsync(string python)
    {
        const string start = """for a; do case $a in --StreamHub:DataDirectory=*) chown 65534:65534 "${a#*=}";; esac; done; exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@" """;
        Assert.SkipUnless(LinuxNative.EffectiveUserId() == 0, "Another account can be taken by root alone.");
        foreach (var needed in (string[])[HubProcess.Built.Arguments[0], python])
        {
            var (code, _) = await Tool.RunAsync("setpriv", [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "test", "-r", needed], TimeSpan.FromSeconds(10));
            Assert.SkipUnless(code == 0, $"The account nobody cannot read {needed}, for the folder of this checkout is closed to it.");
        }

        // A hub that was built, not published, looks for its static files among root's packages.
        await File.WriteAllTextAsync(In("assets.json"), """{"ContentRoots":[],"Root":{"Children":null,"Asset":null,"Patterns":null}}""", Cancellation);
        await Tool.RunAsync("chown", ["-R", $"{Nobody}:{Nobody}", folder.FullName], TimeSpan.FromSeconds(10));
        var built = HubProcess.Built;
        return await HubProcess.StartAsync(
            built with { File = "sh", Arguments = ["-c", start, "sh", built.File, .. built.Arguments], Environment = [("HOME", "/"), ("ASPNETCORE_STATICWEBASSETS", In("assets.json"))] },
            $"--StreamHub:Python={python}", "--StreamHub:Apps:Ports=19500-19599");
    }

    private static async Task<PersonaClient> ClaimAsync(HubProcess hub)
    {
        var admin = new PersonaClient("127.0.0.1");
        (await DemoVisit.ClaimAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        return admin;
    }

    private async Task ApplyAsync(HubProcess hub, object app)
    {
        await File.WriteAllTextAsync(In("hub.json"), JsonSerializer.Serialize(new { apps = new[] { app } }), Cancellation);
        var (code, output) = await hub.CommandAsync("apply", In("hub.json"));
        code.Should().Be(0, output);
    }
}
