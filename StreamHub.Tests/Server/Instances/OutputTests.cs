using System.Text.Json;
using StreamHub.Domain.Instances;
using StreamHub.Server.Runs;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Instances;

/// <summary>What apps print is bounded, they never wait for it, and its end is there.</summary>
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

    [Fact]
    public async Task An_output_that_was_shortened_reads_as_before()
    {
        await using var hub = await FullHub.StartAsync();
        var (output, run) = (hub.Get<RunOutput>(), new RunId(7));
        var file = hub.Get<RunStore>().OutputFile(run);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, new string('x', (int)RunOutput.Limit) + "\none\ntwo\n");

        output.Bound(run).Should().BeGreaterThan(RunOutput.Limit);
        new FileInfo(file).Length.Should().Be(0);
        output.Tail(run, 2).Should().Equal("one", "two");

        await File.AppendAllTextAsync(file, "three\n");
        output.Bound(run).Should().Be("three\n".Length);
        output.Tail(run, 2).Should().Equal("two", "three");
    }

    [Theory]
    [InlineData(200, 20, null, "Fatal Python error: Aborted", "  File 153", "  File 200", "Fatal Python error: Aborted")]
    [InlineData(200, 150, null, "Fatal Python error: Aborted", "Current thread 0x1 (most recent call first):", "  File 98", "Fatal Python error: Aborted")]
    [InlineData(10, 5, null, "before 14", "before 15", "  File 10", "Fatal Python error: Aborted")]
    [InlineData(200, 150, "goes on", "  File 152", "  File 153", "goes on", "goes on")]
    public async Task The_end_of_a_run_is_told_by_the_line_that_names_a_crash_in_native_code_and_the_stack_of_its_thread(
        int stack, int crashed, string? after, string first, string second, string last, string error)
    {
        await using var hub = await FullHub.StartAsync();
        var (output, run) = (hub.Get<RunOutput>(), new RunId(7));
        var file = hub.Get<RunStore>().OutputFile(run);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllLinesAsync(
            file,
            [
                .. Enumerable.Range(1, 49).Select(line => $"before {line}"),
                "Fatal Python error: Aborted", "", "Thread 0x2 (most recent call first):",
                .. Enumerable.Range(1, stack - crashed).Select(line => $"  File {line}"),
                "Current thread 0x1 (most recent call first):",
                .. Enumerable.Range(stack - crashed + 1, crashed).Select(line => $"  File {line}"),
                .. after is null ? (string[])[] : [after],
            ]);

        var ending = output.Ending(run);
        ending.Lines.Should().HaveCount(50).And.StartWith([first, second]).And.EndWith(last);
        ending.ErrorLine.Should().Be(error);
    }
}
