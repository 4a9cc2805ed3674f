using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>Changes of a loaded module: ways to save it, and places of the file.</summary>
public sealed class SourcesTests
{
    // Prints a line for each thing that happens to a module, and what the launcher makes of it.
    private const string Deeds = """
        import importlib.util, os, sys
        spec = importlib.util.spec_from_file_location("sources", sys.argv[1])
        launcher = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(launcher)
        module = os.path.join(sys.argv[2], "helper.py")
        def save(text, kept=False, path=module):
            status = os.stat(path) if kept else None
            with open(path, "w") as file:
                file.write(text)
            if kept:
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        def rename(text):
            save(text, path=module + ".new")
            os.replace(module + ".new", module)
        def age():
            os.utime(module, (1, 1))
        def coarse(path):
            status = os.stat(path)
            return status.st_mtime_ns // 2_000_000_000 * 2_000_000_000, status.st_size
        save("V = 1")
        sources = launcher.Sources(lambda: True)
        sources._is_active = True
        for deed, do in {
            "nothing": lambda: None,
            "touched": lambda: os.utime(module),
            "closed to others": lambda: os.chmod(module, 0o600),
            "saved as it was": lambda: save("V = 1"),
            "renamed over as it was": lambda: rename("V = 1"),
            "renamed over": lambda: rename("V = 2"),
            "saved in the same size": lambda: save("V = 3"),
            "given an old time": age,
            "saved in the same size with the old time": lambda: save("V = 4", kept=True),
            "cut in a line": lambda: save("V = ("),
            "emptied": lambda: save(""),
            "removed": lambda: os.remove(module),
            "back": lambda: save("V = 4"),
            "saved in a file system with coarse times": lambda: setattr(launcher, "stamp", coarse) or save("V = 5"),
            "saved again in the same size and the same moment": lambda: save("V = 6"),
        }.items():
            do()
            sources._look(sources._look({}))
            change = sources.change
            print(deed, change and (str(change.error) if change.error else "changed"), sep=": ")
            sources.change, sources._loaded = None, {}
            sources.note(module, "helper")
        os.mkdir(os.path.join(sys.argv[2], "polars-1.dist-info"))
        sources._installed.clear()
        print("beside installed packages", sources.is_project(module, "helper"), sep=": ")
        print("in a package of the project", sources.is_project(os.path.join(sys.argv[2], "src", "parts", "__init__.py"), "parts"), sep=": ")
        """;

    [Fact]
    public async Task A_module_has_changed_when_its_content_has_and_installed_packages_are_left_alone()
    {
        var launcher = Path.Combine(AppContext.BaseDirectory, "Streamlit", "Launcher", "launcher_sources.py");
        var (code, output) = await Tool.RunAsync(await E2E.StreamlitPythonAsync(), ["-c", Deeds, launcher, TestDirectory.Create()], FullHub.Patience);

        (code, string.Join('\n', output.Trim().Split('\n'))).Should().Be((0, """
            nothing: None
            touched: None
            closed to others: None
            saved as it was: None
            renamed over as it was: None
            renamed over: changed
            saved in the same size: changed
            given an old time: None
            saved in the same size with the old time: changed
            cut in a line: '(' was never closed (helper.py, line 1)
            emptied: changed
            removed: changed
            back: changed
            saved in a file system with coarse times: changed
            saved again in the same size and the same moment: changed
            beside installed packages: False
            in a package of the project: True
            """));
    }
}
