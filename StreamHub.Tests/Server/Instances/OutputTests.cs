using System.Text.Json;
using StreamHub.Domain.Instances;
using StreamHub.Server.Runs;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Instances;

/// <summary>What an app prints is bounded, it never waits for it, and its end is there. Alone on the machine, for the app prints as fast as it can.</summary>
[Collection(FloodsCollection.Name)]
public sealed class OutputTests
{
    private const int Seconds = 5;

    [Fact]
    public async Task An_app_that_prints_100_MB_a_second_fills_no_disk_and_never_waits_and_its_last_line_is_kept()
    {
        await using var hub = await FullHub.StartAsync();
        var key = await hub.AddScriptAsync("printer", "printer.py");
        var run = (await hub.RunAsync(key)).ReadyRun!;
        using var client = new HttpClient();

        var printing = client.GetStringAsync(new Uri($"{run.Process!.Endpoint.Origin}/print?{Seconds}"));
        var largest = 0L;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!printing.IsCompleted)
        {
            largest = Math.Max(largest, Directory.EnumerateFiles(hub.Get<RunStore>().DirectoryOf(run.Id)).Sum(file => new FileInfo(file).Length));
            await timer.WaitForNextTickAsync();
        }

        var told = JsonSerializer.Deserialize<JsonElement>(await printing);
        var printed = told.GetProperty("printed").GetInt64();
        TestContext.Current.SendDiagnosticMessage($"{printed >> 20} MiB printed, {largest >> 20} MiB kept at most, longest write {told.GetProperty("longest")} s");
        printed.Should().BeGreaterThan(20 * RunOutput.Limit);
        largest.Should().BePositive().And.BeLessThan(16 * RunOutput.Limit);
        told.GetProperty("longest").GetDouble().Should().BeLessThan(1);
        hub.Get<RunOutput>().Tail(run.Id, 2).Should().Equal(new string('x', 99), "the end");
    }
}
