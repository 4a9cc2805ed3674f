using StreamHub.Domain.Runs;
using StreamHub.Server.Runs;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Runs;

/// <summary>How many folders of runs there are while a hub runs.</summary>
public sealed class RunFolderTests
{
    [Fact]
    public async Task Old_folders_go_while_the_hub_runs_and_those_of_living_runs_stay()
    {
        await using var hub = await FullHub.StartAsync();
        var runs = hub.Get<RunStore>();
        var first = (await hub.RunAsync(await hub.AddAppAsync("first"))).ReadyRun!.Id;
        foreach (var number in Enumerable.Range(1000, RunStore.KeptRuns + 20))
        {
            Directory.CreateDirectory(runs.DirectoryOf(new RunId(number)));
        }

        var second = (await hub.RunAsync(await hub.AddAppAsync("second"))).ReadyRun!.Id;

        var root = Path.GetDirectoryName(runs.DirectoryOf(first))!;
        await Eventually.TrueAsync(() => Directory.GetDirectories(root).Length == RunStore.KeptRuns + 2);
        Directory.Exists(runs.DirectoryOf(first)).Should().BeTrue();
        Directory.Exists(runs.DirectoryOf(second)).Should().BeTrue();
        Directory.Exists(runs.DirectoryOf(new RunId(1019))).Should().BeFalse();
        Directory.Exists(runs.DirectoryOf(new RunId(1020))).Should().BeTrue();
    }
}
