using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Entries;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>A Python environment that becomes another one under its app.</summary>
public sealed class EnvironmentTests(EnvironmentTests.EnvironmentHub hub) : IClassFixture<EnvironmentTests.EnvironmentHub>
{
    // Prints a line for each thing that somebody does, and whether the launcher sees another environment.
    private const string Deeds = """
        import importlib.util, os, shutil, sys
        spec = importlib.util.spec_from_file_location("environment", sys.argv[1])
        launcher = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(launcher)
        packages = os.path.join(sys.argv[2], "current", "site-packages")
        def write(*names):
            path = os.path.join(packages, *names)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(path)
        def install(name):
            shutil.rmtree(os.path.join(packages, name), ignore_errors=True)
            write(name, "RECORD")
        def link(target):
            os.symlink(target, os.path.join(sys.argv[2], "next"))
            os.replace(os.path.join(sys.argv[2], "next"), os.path.join(sys.argv[2], "current"))
        for version in ("v1", "v2"):
            os.makedirs(os.path.join(sys.argv[2], version))
            link(version)
            write("streamlit", "__init__.py")
            write("streamlit", "static", "index.html")
            install("streamlit-1.dist-info")
            install("pandas-1.dist-info")
            write("pyvenv.cfg")
        link("v1")
        sys.path.append(packages)
        sys.prefix = packages
        environment = launcher.Environment(os.path.join(packages, "streamlit", "static"))
        moved = packages + "-moved"
        for deed, do in {
            "nothing": lambda: None,
            "a program is run, which leaves compiled modules": lambda: write("__pycache__", "six.pyc"),
            "a program writes into its package": lambda: write("pandas", "cache.txt"),
            "a package is installed": lambda: install("polars-1.dist-info"),
            "it is removed": lambda: shutil.rmtree(os.path.join(packages, "polars-1.dist-info")),
            "the environment is moved": lambda: os.rename(packages, moved),
            "it is moved back": lambda: os.rename(moved, packages),
            "another one is linked": lambda: link("v2"),
            "the first one is linked": lambda: link("v1"),
            "a package is installed again": lambda: install("pandas-1.dist-info"),
        }.items():
            do()
            print(deed, environment._differs(), sep=": ")
        """;

    [Fact]
    public async Task Another_environment_is_known_by_what_installers_write()
    {
        var launcher = Path.Combine(AppContext.BaseDirectory, "Streamlit", "Launcher", "launcher_environment.py");
        var (code, output) = await Tool.RunAsync(await E2E.StreamlitPythonAsync(), ["-c", Deeds, launcher, TestDirectory.Create()], FullHub.Patience);

        (code, output.Trim().Split('\n')).Should().BeEquivalentTo((0, (string[])
        [
            "nothing: False",
            "a program is run, which leaves compiled modules: False",
            "a program writes into its package: False",
            "a package is installed: True",
            "it is removed: False",
            "the environment is moved: True",
            "it is moved back: False",
            "another one is linked: True",
            "the first one is linked: False",
            "a package is installed again: True",
        ]));
    }

    [Fact]
    public async Task An_environment_is_moved_under_its_app_which_serves_on_and_is_told_until_a_restart_in_the_new_place()
    {
        var key = new InstanceKey(AppSlug.Parse("moved"));
        var (before, after) = (await BuildAsync(), TestDirectory.Create() + "/venv");
        var folder = await hub.RunAsync("moved", "import streamlit as st\nst.write('well')\n", entry => entry with { Python = Path.Combine(before, "bin", "python") });
        using var person = new PersonaClient(StreamlitHub.Kim);
        person.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var files = await FilesAsync(person);

        // What was imported once stays; what comes later is not there any more.
        await StreamlitSession.VisitAsync(hub.Hub, StreamlitHub.Kim, "moved");
        await Eventually.TrueAsync(() => hub.Hub.Get<StreamlitPages>().Loaded(hub.Hub.Supervisor.State.Find(key)!.App).Any());

        Directory.Move(before, after);

        (await FilesAsync(person)).Should().BeEquivalentTo(files);
        await hub.SampledAsync("moved", row => row.EnvironmentChanged is not null);
        (await StreamlitSession.VisitAsync(hub.Hub, StreamlitHub.Kim, "moved")).Text.Should().Contain("well");

        var moved = new AppEntry { Slug = "moved", Name = "moved", Runtime = "streamlit", Script = Path.Combine(folder, "app.py"), Python = Path.Combine(after, "bin", "python") };
        (await hub.Hub.Editor.SaveAppAsync(moved, "moved", FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        var first = hub.Hub.Supervisor.State.Find(key)!.ReadyRun!.Id;
        await hub.Hub.Control.RestartAsync(key, drain: true, null, FullHub.Actor, CancellationToken.None);
        await hub.Hub.WaitForAsync(key, instance => instance.ReadyRun is { } run && run.Id != first);
        (await FilesAsync(person)).Should().BeEquivalentTo(files);
        await hub.SampledAsync("moved", row => row.EnvironmentChanged is null);
    }

    /// <summary>The names of the files in the app's page, each of which is answered with what it is called.</summary>
    private async Task<string[]> FilesAsync(PersonaClient person)
    {
        var page = await person.Http.GetStringAsync(new Uri(hub.Hub.Users, "app/moved/"));
        string[] files = [.. StreamlitPages.References(System.Text.Encoding.UTF8.GetBytes(page))];
        files.Should().NotBeEmpty();
        foreach (var file in files)
        {
            using var answer = await person.Http.GetAsync(new Uri(hub.Hub.Users, $"app/moved/{file}"));
            answer.Content.Headers.ContentType!.MediaType.Should().Be(Path.GetExtension(file) switch { ".js" => "text/javascript", ".css" => "text/css", _ => "font/woff2" });
        }

        return files;
    }

    /// <summary>An environment with a Streamlit of its own, and the other packages of the shared one.</summary>
    private static async Task<string> BuildAsync()
    {
        var python = await E2E.StreamlitPythonAsync();
        var environment = TestDirectory.Create();
        (await Tool.RunAsync(python, ["-m", "venv", "--without-pip", environment], FullHub.Patience)).Code.Should().Be(0);
        const string Share = """
            import os, shutil, sys, sysconfig
            own, theirs = sys.argv[1], sysconfig.get_path("purelib")
            shutil.copytree(os.path.join(theirs, "streamlit"), os.path.join(own, "streamlit"))
            open(os.path.join(own, "shared.pth"), "w").write(theirs)
            """;
        var packages = Directory.GetDirectories(Path.Combine(environment, "lib"))[0] + "/site-packages";
        (await Tool.RunAsync(python, ["-c", Share, packages], FullHub.Patience)).Code.Should().Be(0);
        return environment;
    }

    public sealed class EnvironmentHub() : StreamlitHub("Apps:CheckInterval=0");
}
