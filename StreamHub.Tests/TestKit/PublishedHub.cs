using System.Runtime.InteropServices;
using StreamHub.Tests.Rules;

namespace StreamHub.Tests.TestKit;

/// <summary>The hub as people run it, its code compiled ahead: a start takes two thirds of what it takes as it is built for the tests.</summary>
internal sealed class PublishedHub : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamhub-published-");

    public HubLaunch Launch => new(Path.Combine(folder.FullName, "StreamHub.Server"), [], "TERM");

    /// <summary>Publishes it for this machine.</summary>
    public static async Task<PublishedHub> PrepareAsync()
    {
        var hub = new PublishedHub();
        await PublishAsync(hub.folder.FullName, RuntimeInformation.RuntimeIdentifier, isSelfContained: false);
        return hub;
    }

    /// <summary>Publishes it for a system.</summary>
    public static async Task PublishAsync(string folder, string runtime, bool isSelfContained)
    {
        var project = Path.Combine(Sources.Root, "StreamHub.Server", "StreamHub.Server.csproj");
        string[] command = ["publish", project, "-c", "Release", "-r", runtime, isSelfContained ? "--self-contained" : "--no-self-contained", "-o", folder, "-v", "q"];
        var (code, output) = await Tool.RunAsync("dotnet", command, Patience);
        code.Should().Be(0, "dotnet {0} said: {1}", string.Join(' ', command), output);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
