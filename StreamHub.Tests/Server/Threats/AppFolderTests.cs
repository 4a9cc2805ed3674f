using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T33: with folders for apps, nothing else is run, whatever links say.</summary>
public sealed class AppFolderTests : IDisposable
{
    private readonly string root = TestDirectory.Create();
    private readonly string apps;

    public AppFolderTests()
    {
        apps = Path.Combine(root, "apps");
        Directory.CreateDirectory(Path.Combine(apps, "sales"));
        Directory.CreateDirectory(Path.Combine(root, "apps2"));
        foreach (var file in (string[])["apps/app.py", "apps/sales/app.py", "apps2/app.py", "evil.py"])
        {
            File.WriteAllText(Path.Combine(root, file), "import time; time.sleep(60)");
        }

        Link("apps/out.py", "evil.py");
        Link("apps/chain.py", "apps/out.py");
        Link("apps/in.py", "apps/sales/app.py");
        Link("apps/away", "apps2");
        Link("apps/here", "apps/sales");
        Link("to-apps", "apps");
        Link("apps/loop", "apps/loop");
        Link("apps/deeper", "apps/deeper/and/deeper");
        File.CreateSymbolicLink(Path.Combine(apps, "relative.py"), "../evil.py");
        Directory.CreateDirectory(Path.Combine(root, "far", "off"));
        File.WriteAllText(Path.Combine(root, "far", "evil.py"), "");
        Link("apps/far", "far/off");
        File.CreateSymbolicLink(Path.Combine(apps, "around.py"), "far/../app.py");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("apps/app.py", true, true)]
    [InlineData("apps/sales/app.py", true, true)]
    [InlineData("apps/new.py", true, true)]
    [InlineData("apps/in.py", true, true)]
    [InlineData("apps/here/app.py", true, true)]
    [InlineData("to-apps/app.py", true, true)]
    [InlineData("evil.py", false, false)]
    [InlineData("apps2/app.py", false, false)]
    [InlineData("apps", true, false)]
    [InlineData("apps/away/app.py", false, false)]
    [InlineData("apps/loop/app.py", false, false)]
    [InlineData("apps/deeper/app.py", false, false)]
    [InlineData("apps/around.py", false, true)]
    [InlineData("apps/../evil.py", false, false)]
    [InlineData("apps/sales/../app.py", true, true)]
    [InlineData("apps/far/../evil.py", false, false)]
    [InlineData("apps/out.py", false, true)]
    [InlineData("apps/chain.py", false, true)]
    [InlineData("apps/relative.py", false, true)]
    [InlineData("apps/loop", false, true)]
    public void Links_are_followed_but_for_a_program_that_is_one(string file, bool script, bool program)
    {
        var path = Path.Combine(root, file);
        foreach (var folder in (string[])[apps, apps + "/", Path.Combine(root, "to-apps")])
        {
            var folders = new AppFolders([Path.Combine(root, "none"), folder], "python3");
            (folders.AllowsScript(path), folders.AllowsProgram(path)).Should().Be((script, program));
        }

        var anywhere = new AppFolders([], "python3");
        (anywhere.AllowsScript(path), anywhere.AllowsProgram(path), anywhere.AllowsProgram("sh")).Should().Be((true, true, true));
    }

    [Fact]
    public void A_program_is_a_whole_path_and_an_interpreter_the_hubs_own_too()
    {
        var folders = new AppFolders([apps], "python3");
        folders.AllowsInterpreter("python3").Should().BeTrue("it is the hub's own");
        folders.AllowsProgram("python3").Should().BeFalse("it runs whatever it is told");
        foreach (var program in (string[])["python", "sh", "app.py", "apps/app.py", "./app.py", ""])
        {
            (folders.AllowsProgram(program), folders.AllowsInterpreter(program)).Should().Be((false, false));
        }
    }

    [Fact]
    public async Task What_lies_elsewhere_is_refused_when_it_is_entered_and_when_it_is_started()
    {
        await using var hub = await FullHub.StartAsync(null, $"Apps:Folders:0={apps}");
        var script = new AppEntry { Slug = "app", Name = "x", Runtime = "streamlit", Script = Path.Combine(root, "evil.py") };
        var program = new AppEntry { Slug = "app", Name = "x", Runtime = "command", Command = ["python", "-c", "import time; time.sleep(60)"] };
        (await RefusalAsync(script)).Should().Be($"script: '{root}/evil.py' does not lie, all links followed, in one of the folders for apps (StreamHub:Apps:Folders): {apps}");
        (await RefusalAsync(script with { Script = Path.Combine(apps, "out.py") })).Should().StartWith("script: ");
        (await RefusalAsync(script with { Script = Path.Combine(apps, "app.py"), Python = "/usr/bin/python3" })).Should().StartWith("python: ");
        (await RefusalAsync(program with { Command = ["python3", "-c", ""] })).Should().StartWith("command[0]: ");
        (await RefusalAsync(script with { Script = Path.Combine(apps, "app.py"), Env = new Dictionary<string, string> { ["PATH"] = root } })).Should().StartWith("env: 'PATH' would choose");
        (await RefusalAsync(program)).Should().Be($"command[0]: 'python' is not the whole path of a program in one of the folders for apps (StreamHub:Apps:Folders): {apps}");

        // A working directory is a folder of them, too, and a relative program begins there.
        File.CreateSymbolicLink(Path.Combine(apps, "sales", "python"), "/usr/bin/python3");
        var there = script with { Script = Path.Combine(apps, "app.py"), WorkingDirectory = apps };
        (await RefusalAsync(there with { WorkingDirectory = root })).Should().Be($"workingDirectory: '{root}' does not lie, all links followed, in one of the folders for apps (StreamHub:Apps:Folders): {apps}");
        (await RefusalAsync(there with { WorkingDirectory = Path.Combine(apps, "away") })).Should().StartWith("workingDirectory: ");
        (await RefusalAsync(there with { Python = "away/python" })).Should().StartWith("python: ");
        (await RefusalAsync(program with { Command = ["away/python"], WorkingDirectory = apps })).Should().StartWith("command[0]: ");
        (await RefusalAsync(program with { Command = ["sales/python"], WorkingDirectory = apps, Slug = "there" })).Should().BeNull();
        (await RefusalAsync(there with { Python = "sales/python", Slug = "here" })).Should().BeNull();

        (await RefusalAsync(script with { Script = Path.Combine(apps, "app.py"), Python = "python3" })).Should().BeNull("it is the hub's own");
        File.Delete(Path.Combine(apps, "app.py"));
        Link("apps/app.py", "evil.py");
        var key = new InstanceKey(AppSlug.Parse("app"));
        hub.Supervisor.Post(new HubEvent.Requested(key));
        var waiting = await hub.WaitForAsync(key, instance => instance.Status is InstanceStatus.Backoff or InstanceStatus.Quarantined);
        waiting.ToString().Should().Contain($"{apps}/app.py does not lie in one of the folders for apps");

        async Task<string?> RefusalAsync(AppEntry entry) =>
            (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, Cancellation)).Errors is [var error, ..] ? $"{error.Path}: {error.Message}" : null;
    }

    private void Link(string at, string to) => File.CreateSymbolicLink(Path.Combine(root, at), Path.Combine(root, to));
}
