using StreamHub.Domain.Instances;
using StreamHub.Server.Runs;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Instances;

/// <summary>How the end of an output is read.</summary>
public sealed class RunOutputTests
{
    private static readonly RunId Run = new(7);

    private readonly RunOutput output;
    private readonly string file;

    public RunOutputTests()
    {
        var runs = new RunStore(TestHub.NewSettings());
        (output, file) = (new RunOutput(runs), runs.OutputFile(Run));
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
}
