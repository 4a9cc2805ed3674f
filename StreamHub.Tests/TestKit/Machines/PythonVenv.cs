namespace StreamHub.Tests.TestKit.Machines;

/// <summary>
/// A Python virtual environment, made once per machine and kept in a cache. Test processes that start together wait for the one that makes it.
/// </summary>
/// <param name="name">The name with the version of what is in it.</param>
/// <param name="installs">What pip installs, in steps.</param>
internal sealed class PythonVenv(string name, params string[][] installs)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task<Provision> ProvideAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            return Provision.Missing("the end-to-end ring runs on Linux.");
        }

        var cache = Path.Combine(CacheRoot(), name);
        var python = Path.Combine(cache, "bin", "python");
        var complete = Path.Combine(cache, ".complete");
        Directory.CreateDirectory(cache);
        await using var turn = await TakeTurnAsync(cache + ".lock");
        if (File.Exists(complete))
        {
            return Provision.At(python);
        }

        var (made, madeOutput) = (1, "");
        foreach (var candidate in (string[])["/usr/bin/python3", "python3"])
        {
            // The system's own first: other accounts can read it, too.
            (made, madeOutput) = File.Exists(candidate) || !Path.IsPathRooted(candidate) ? await Tool.RunAsync(candidate, ["-m", "venv", "--clear", cache], Patience) : (1, "");
            if (made == 0)
            {
                break;
            }
        }

        if (made != 0)
        {
            return Provision.Missing($"python3 -m venv: {Last(madeOutput)}");
        }

        var sources = await FindLinksAsync(cache + ".wheels");
        foreach (var install in installs)
        {
            var (code, output) = sources.Length > 0 ? await InstallAsync(python, ["--no-index", .. sources, .. install]) : (1, "");
            if (code != 0)
            {
                (code, output) = await InstallAsync(python, install);
            }

            if (code != 0)
            {
                return Provision.Missing($"pip install {string.Join(' ', install)}: {Last(output)}");
            }
        }

        await File.WriteAllTextAsync(complete, name);
        return Provision.At(python);
    }

    private static Task<(int Code, string Output)> InstallAsync(string python, string[] arguments) =>
        Tool.RunAsync(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", .. arguments], Patience);

    /// <summary>The wheels of this machine, and those in the archive beside them.</summary>
    private static async Task<string[]> FindLinksAsync(string unpacked)
    {
        if (Wheels() is not { } wheels)
        {
            return [];
        }

        var archive = Path.Combine(wheels, "..", "wheels-more.tar.xz");
        if (!File.Exists(archive))
        {
            return ["--find-links", wheels];
        }

        Directory.CreateDirectory(unpacked);
        await Tool.RunAsync("tar", ["-xf", archive, "-C", unpacked], Patience);
        return ["--find-links", wheels, "--find-links", unpacked];
    }

    /// <summary>The folder that STREAMHUB_WHEELS names, else the nearest <c>shared/wheels</c> at or above the test assembly.</summary>
    private static string? Wheels()
    {
        if (Environment.GetEnvironmentVariable("STREAMHUB_WHEELS") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var wheels = Path.Combine(folder.FullName, "shared", "wheels");
            if (Directory.Exists(wheels))
            {
                return wheels;
            }
        }

        return null;
    }

    private static string CacheRoot()
    {
        // Tests of root's start hubs under other accounts, which cannot look into root's home.
        if (Environment.IsPrivilegedProcess && Directory.Exists("/var/cache"))
        {
            return "/var/cache/streamhub-tests";
        }

        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        return Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "streamhub-tests");
    }

    private static async Task<FileStream> TakeTurnAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    private static string Last(string output) => output.TrimEnd().Split('\n')[^1];
}
