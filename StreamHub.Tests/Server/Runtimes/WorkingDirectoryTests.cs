using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Runtimes;

/// <summary>Where an app is started.</summary>
public sealed class WorkingDirectoryTests(SharedHub shared) : IClassFixture<SharedHub>, IDisposable
{
    // Serves its working directory, in which it notes each start.
    private const string Server = "import http.server, sys; open('starts', 'a').write('x'); http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()";

    private static readonly AppFolders Anywhere = new([], "python3");

    private readonly FullHub hub = shared.Hub;
    private readonly string root = CreateProject();

    /// <summary>A slug of this test alone.</summary>
    private string Unique => $"app-{Path.GetFileName(root)}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("src", "python3", "{root}/src/app.py")]
    [InlineData("conf", "/usr/bin/env", "--config", "{root}/conf/app.toml", "{root}/src/app.py")]
    [InlineData("src", "python3", "src/app.py", "{root}/missing.py", "{root}/src", "{root}/src/app.py")]
    [InlineData(null, "{root}/src/app.py")]
    [InlineData(null, "python3", "-m", "http.server", "{port}")]
    [InlineData(null, "python3", "app.py", "--config={root}/conf/app.toml")]
    public void A_command_starts_in_the_folder_of_its_first_argument_that_is_a_file(string? folder, params string[] words)
    {
        string[] argv = [.. words.Select(word => word.Replace("{root}", root))];
        var expected = folder is null ? null : Path.Combine(root, folder);

        WorkingDirectory.Of(new AppRuntime.Command([.. argv], null), [], null, Anywhere).Should().Be(expected);
        WorkingDirectory.Of(new AppRuntime.Command([argv[0]], null), argv[1..], null, Anywhere).Should().Be(expected, "further arguments count, too");
        WorkingDirectory.Of(new AppRuntime.Command([.. argv], null), [], root, Anywhere).Should().Be(root, "the author's own wins");
        WorkingDirectory.Of(new AppRuntime.Command([.. argv], null), [], null, new AppFolders([Path.Combine(root, "none")], "python3")).Should().BeNull("an app works in the folders for apps alone");
    }

    [Theory]
    [InlineData("venv/bin/python", "/srv/venv/bin/python")]
    [InlineData("/usr/bin/python", "/usr/bin/python")]
    [InlineData("python3", "python3")]
    public void A_relative_program_begins_in_the_working_directory(string program, string path) => WorkingDirectory.Program(program, "/srv").Should().Be(path);

    [Theory]
    [InlineData("relative/folder", "is not the absolute path of a folder")]
    [InlineData("//host/share", "is a network or device path")]
    [InlineData("/srv/../etc", "holds a '.' or '..' segment")]
    [InlineData("/srv/no/such/folder", "there is no folder '/srv/no/such/folder'")]
    public async Task A_bad_working_directory_is_refused_by_name_when_it_is_saved_and_nothing_is_lost(string folder, string why)
    {
        var entry = new AppEntry { Slug = Unique, Name = "Bad", Script = Path.Combine(root, "src", "app.py") };
        (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();

        var refusal = (await hub.Editor.SaveAppAsync(entry with { WorkingDirectory = folder }, Unique, FullHub.Actor, Cancellation)).Errors.Should().ContainSingle().Subject;
        (refusal.Path, refusal.Message).Should().Match<(string Path, string Message)>(error => error.Path == "workingDirectory" && error.Message.Contains(why));
        var applied = await hub.Editor.ApplyAsync(new HubFile { Apps = [entry with { WorkingDirectory = folder, StartTimeout = "never" }] }, [], plan: false, FullHub.Actor, Cancellation);
        applied.Errors.Select(error => error.Path).Should().Contain("apps[0].startTimeout");
        hub.Editor.Export().Apps.Single(app => app.Slug == entry.Slug).WorkingDirectory.Should().BeNull();
    }

    [Theory]
    [InlineData("never")]
    [InlineData("0s")]
    [InlineData("90")]
    [InlineData("-5s")]
    [InlineData("1.5m")]
    [InlineData("400d")]
    public async Task A_bad_start_timeout_is_refused_with_what_is_accepted(string text)
    {
        var result = await hub.Editor.SaveAppAsync(new AppEntry { Slug = Unique, Name = "App", Runtime = "demo", StartTimeout = text }, null, FullHub.Actor, Cancellation);
        result.Errors.Should().ContainSingle().Which.ToString().Should().Be($"startTimeout: '{text}' is not a duration: a whole number above 0 with s, m, h or d after it");
    }

    [Fact]
    public async Task Both_are_kept_by_the_export_and_a_demo_has_no_working_directory()
    {
        var entry = new AppEntry { Slug = Unique, Name = "App", Script = Path.Combine(root, "src", "app.py"), WorkingDirectory = root, StartTimeout = "180s" };
        (await hub.Editor.ApplyAsync(new HubFile { Apps = [entry] }, [], plan: false, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        var kept = hub.Editor.Export().Apps.Single(app => app.Slug == entry.Slug);
        (kept.WorkingDirectory, kept.StartTimeout).Should().Be((root, "3m"));

        var demo = new AppEntry { Slug = $"{Unique}-demo", Name = "Demo", Runtime = "demo", WorkingDirectory = root };
        (await hub.Editor.ApplyAsync(new HubFile { Apps = [demo] }, [], plan: false, FullHub.Actor, Cancellation)).Errors.Should().ContainSingle().Which.ToString().Should().Be("apps[0].workingDirectory: means nothing to the runtime demo");
    }

    [Fact]
    public async Task A_command_without_a_file_has_a_folder_that_outlives_its_runs()
    {
        var key = await SaveAsync(new AppEntry { Slug = "own", Name = "Own", Runtime = "command", Command = ["python3", "-c", Server, "{port}"], Health = "/starts" });
        var first = (await hub.RunAsync(key)).ReadyRun!.Id;
        await hub.Control.RestartAsync(key, drain: false, null, FullHub.Actor, Cancellation);
        await hub.WaitForAsync(key, instance => instance.ReadyRun is { } run && run.Id != first);

        (await File.ReadAllTextAsync(Path.Combine(hub.Directory, "apps", "own", "own", "starts"), Cancellation)).Should().Be("xx");
    }

    [Fact]
    public async Task Relative_names_of_a_command_are_found_in_its_working_directory_and_a_missing_one_is_named_at_the_start()
    {
        await File.WriteAllTextAsync(Path.Combine(root, "serve.py"), Server, Cancellation);
        File.CreateSymbolicLink(Path.Combine(root, "src", "python"), "/usr/bin/python3");
        var entry = new AppEntry { Slug = "there", Name = "There", Runtime = "command", Command = ["src/python", "serve.py", "{port}"], WorkingDirectory = root, Health = "/starts" };
        var key = await SaveAsync(entry);
        await hub.RunAsync(key);
        File.Exists(Path.Combine(root, "starts")).Should().BeTrue();

        await hub.Control.StopAsync(key, FullHub.Actor, Cancellation);
        await hub.WaitForAsync(key, instance => instance.Runs.IsEmpty);
        var elsewhere = root + "-moved";
        Directory.Move(root, elsewhere);
        await hub.Control.StartAsync(key, FullHub.Actor, Cancellation);
        var failed = await hub.WaitForAsync(key, instance => instance.LastExit?.Outcome is ExitOutcome.NotLaunched);
        Directory.Move(elsewhere, root);
        failed.LastExit!.ErrorLine.Should().Be($"workingDirectory: there is no folder '{root}'.");
    }

    private static string CreateProject()
    {
        var project = TestDirectory.Create();
        Directory.CreateDirectory(Path.Combine(project, "src"));
        Directory.CreateDirectory(Path.Combine(project, "conf"));
        File.WriteAllText(Path.Combine(project, "src", "app.py"), "");
        File.WriteAllText(Path.Combine(project, "conf", "app.toml"), "");
        return project;
    }

    private async Task<InstanceKey> SaveAsync(AppEntry entry)
    {
        (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        return new InstanceKey(AppSlug.Parse(entry.Slug));
    }
}
