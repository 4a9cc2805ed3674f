using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Runs;

/// <summary>How the end of an output is read.</summary>
public sealed class RunOutputTests
{
    private static readonly RunId Run = new(7);

    private readonly FakeTimeProvider time = new();
    private readonly RunOutput output;
    private readonly string file;

    public RunOutputTests()
    {
        var runs = new RunStore(TestHub.NewSettings());
        (output, file) = (new RunOutput(runs, new SteadyClock(time)), runs.OutputFile(Run));
        Directory.CreateDirectory(runs.DirectoryOf(Run));
    }

    [Fact]
    public async Task An_output_that_was_shortened_reads_as_before()
    {
        await File.WriteAllTextAsync(file, new string('x', (int)RunOutput.Limit) + "\none\ntwo\n");

        output.Bound(Run).Should().BeGreaterThan(RunOutput.Limit);
        new FileInfo(file).Length.Should().Be(0);
        output.Tail(Run, 2).Should().Equal("one", "two");

        await File.AppendAllTextAsync(file, "three\n");
        output.Bound(Run).Should().Be("three\n".Length);
        output.Tail(Run, 2).Should().Equal("two", "three");
    }

    [Theory]
    [InlineData(0, "KeyError: 'x'")]
    [InlineData(5, "KeyError: 'x'")]
    [InlineData(25, null)]
    public async Task An_error_that_a_run_has_outlived_is_not_the_cause_of_its_end(int seconds, string? error)
    {
        output.Bound(Run);
        await File.AppendAllLinesAsync(file, ["Traceback (most recent call last):", "KeyError: 'x'"]);
        Pass(seconds);
        await File.AppendAllLinesAsync(file, ["about to end"]);

        var ending = output.Ending(Run);
        ending.ErrorLine.Should().Be(error);
        ending.Lines.Should().Equal("Traceback (most recent call last):", "KeyError: 'x'", "about to end");
    }

    [Fact]
    public async Task An_error_after_the_output_was_shortened_is_the_cause()
    {
        Pass(25);
        await File.WriteAllTextAsync(file, new string('x', (int)RunOutput.Limit) + "\nValueError: old\n");
        Pass(25);
        output.Ending(Run).ErrorLine.Should().BeNull();
        await File.AppendAllTextAsync(file, "ValueError: new\n");
        output.Ending(Run).ErrorLine.Should().Be("ValueError: new");
    }

    [Theory]
    [InlineData(200, 20, null, "Fatal Python error: Aborted", "  File 153", "  File 200", "Fatal Python error: Aborted")]
    [InlineData(200, 150, null, "Fatal Python error: Aborted", "Current thread 0x1 (most recent call first):", "  File 98", "Fatal Python error: Aborted")]
    [InlineData(10, 5, null, "before 14", "before 15", "  File 10", "Fatal Python error: Aborted")]
    [InlineData(200, 150, "goes on", "  File 152", "  File 153", "goes on", null)]
    public async Task The_end_of_a_run_is_told_by_the_line_that_names_a_crash_in_native_code_and_the_stack_of_its_thread(
        int stack, int crashed, string? after, string first, string second, string last, string? error)
    {
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

        var ending = output.Ending(Run);
        ending.Lines.Should().HaveCount(50).And.StartWith([first, second]).And.EndWith(last);
        ending.ErrorLine.Should().Be(error);
    }

    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            output.Bound(Run);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        output.Bound(Run);
    }
}
