using StreamHub.Tests.Rules;

namespace StreamHub.Tests.TestKit.Machines;

/// <summary>Windows, as far as Wine is one: a prefix of its own, and the hub published for it.</summary>
internal sealed class Wine : IAsyncDisposable
{
    private const string Program = "wine";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo folder;

    private Wine(DirectoryInfo folder) => this.folder = folder;

    private string Prefix => Path.Combine(folder.FullName, "prefix");

    // Wine now and then fails the second mapping of code that the runtime writes through, and the runtime ends itself when it
    // frees a dynamic method (0x80131506); it can do without.
    private (string, string)[] Environment => [("WINEPREFIX", Prefix), ("WINEDEBUG", "-all"), ("DOTNET_EnableWriteXorExecute", "0")];

    /// <summary>How the published hub starts. Wine makes a Ctrl+C of SIGINT.</summary>
    public HubLaunch Launch => new(Program, [Path.Combine(folder.FullName, "hub", "StreamHub.Server.exe")], "INT", Environment);

    public static async Task<Provision> ProvideAsync()
    {
        if (await IsHereAsync())
        {
            return Provision.At(Program);
        }

        var tried = "";
        if (OperatingSystem.IsLinux() && System.Environment.IsPrivilegedProcess)
        {
            (_, tried) = await Tool.RunAsync("apt-get", ["install", "-y", "-q", "--no-install-recommends", "wine", "wine64"], Patience, ("DEBIAN_FRONTEND", "noninteractive"));
        }

        return await IsHereAsync() ? Provision.At(Program) : Provision.Missing($"there is no wine, and apt-get could not install one. {tried}".TrimEnd());
    }

    /// <summary>Publishes the hub for Windows, self-contained, and makes a new prefix.</summary>
    public static async Task<Wine> PrepareAsync()
    {
        var wine = new Wine(Directory.CreateTempSubdirectory("streamhub-wine-"));
        await Task.WhenAll(
            wine.PublishAsync("hub", Path.Combine(Sources.Root, "StreamHub.Server", "StreamHub.Server.csproj")),
            RunAsync(Program, ["wineboot", "-i"], wine.Environment));
        return wine;
    }

    /// <summary>Publishes a program of one file of the tests for Windows, and tells what runs it there.</summary>
    public async Task<string> PublishAsync(string source)
    {
        var name = Path.GetFileNameWithoutExtension(source);
        return Named(Path.Combine(await PublishAsync(name, source), $"{name}.exe"));
    }

    /// <summary>A file of this machine as Windows names it: Wine has all of them on its drive Z.</summary>
    public static string Named(string file) => "Z:" + file.Replace('/', '\\');

    /// <summary>The command lines of the hub's programs that are running in the prefix.</summary>
    public IReadOnlyList<string> Programs() =>
    [
        .. from process in Directory.EnumerateDirectories("/proc")
           where int.TryParse(Path.GetFileName(process), out _) && Read(process, "environ").Contains($"WINEPREFIX={Prefix}\0", StringComparison.Ordinal)
           let command = Read(process, "cmdline").Replace('\0', ' ')
           where command.Contains("StreamHub.Server", StringComparison.Ordinal)
           select command,
    ];

    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync("wineserver", ["-k"], TimeSpan.FromSeconds(30), Environment);
        await Tool.RunAsync("wineserver", ["-w"], TimeSpan.FromSeconds(30), Environment);
        folder.Delete(recursive: true);
    }

    /// <summary>Publishes a project as people do, but for the compilation ahead, which takes longer than it saves here.</summary>
    private async Task<string> PublishAsync(string name, string project)
    {
        var target = Path.Combine(folder.FullName, name);
        await RunAsync("dotnet", ["publish", project, "-c", "Release", "-r", "win-x64", "--self-contained", "-p:PublishReadyToRun=false", "-p:RunAnalyzers=false", "-o", target, "-v", "q"]);
        return target;
    }

    private static async Task<bool> IsHereAsync() => (await Tool.RunAsync(Program, ["--version"], Patience)).Code == 0;

    private static async Task RunAsync(string file, string[] arguments, params (string Name, string Value)[] environment)
    {
        var (code, output) = await Tool.RunAsync(file, arguments, Patience, environment);
        code.Should().Be(0, "{0} {1} said: {2}", file, string.Join(' ', arguments), output);
    }

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
