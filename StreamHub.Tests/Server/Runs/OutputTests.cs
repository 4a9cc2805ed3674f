using StreamHub.Server.Runs;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Runs;

/// <summary>The output of an app is bounded, and its end is kept.</summary>
public sealed class OutputTests
{
    private const int Bursts = 5;
    private const int Megabytes = 40;

    [Fact]
    public async Task An_app_that_prints_200_MB_fills_no_disk_and_its_last_line_is_kept()
    {
        await using var hub = await FullHub.StartAsync();
        var key = await hub.AddScriptAsync("printer", "printer.py");
        var run = (await hub.RunAsync(key)).ReadyRun!;
        var folder = new DirectoryInfo(hub.Get<RunStore>().DirectoryOf(run.Id));
        using var client = new HttpClient();
        for (var burst = 0; burst < Bursts; burst++)
        {
            await client.GetStringAsync(new Uri($"{run.Process!.Endpoint.Origin}/print?{Megabytes}"), TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() => folder.EnumerateFiles().Sum(file => file.Length) <= 2 * RunOutput.Limit);
        }

        hub.Get<RunOutput>().Tail(run.Id, 2).Should().Equal(new string('x', 99), "the end");
    }
}
