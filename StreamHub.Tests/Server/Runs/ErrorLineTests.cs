using StreamHub.Server.Runs;

namespace StreamHub.Tests.Server.Runs;

/// <summary>Which line of an output says what went wrong.</summary>
public sealed class ErrorLineTests
{
    [Theory]
    [InlineData("ModuleNotFoundError: No module named 'nope'")]
    [InlineData("MemoryError")]
    [InlineData("sqlalchemy.exc.OperationalError: no such table")]
    [InlineData("Exception: it is over")]
    [InlineData("app.py: error: unrecognized arguments: --port")]
    [InlineData("Error: Cannot find module './x'")]
    [InlineData("panic: runtime error: index out of range")]
    [InlineData("fatal error: all goroutines are asleep - deadlock!")]
    [InlineData("ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 8501): address already in use")]
    [InlineData("[2030-01-07 12:00:00 +0000] [7] [ERROR] Connection in use: ('127.0.0.1', 8501)")]
    [InlineData("2030-01-07T12:00:00.123Z FATAL cannot open the database")]
    [InlineData("thread 'main' panicked at src/main.rs:4:5:")]
    [InlineData("terminate called after throwing an instance of 'std::bad_alloc'")]
    [InlineData("Port 18500 is not available")]
    [InlineData("sh: 1: serve: not found")]
    [InlineData("python3: can't open file '/srv/x.py': [Errno 2] No such file or directory")]
    [InlineData("Fatal Python error: Segmentation fault")]
    public void A_line_that_says_so_is_found_also_before_ordinary_output(string line)
    {
        ErrorLine.Find(["started", line]).Should().Be(line);
        ErrorLine.Find(["started", line, "  Stopping...", ""]).Should().Be(line);
    }

    [Theory]
    [InlineData("  URL: http://127.0.0.1:18500/app/sales")]
    [InlineData("199")]
    [InlineData("so far")]
    [InlineData("0 errors: fine")]
    [InlineData("Error handling is on")]
    [InlineData("errors: 0")]
    [InlineData("INFO:     Application startup complete.")]
    [InlineData("2030-01-07 12:00:00 INFO error rate 0.3")]
    [InlineData("Loading model: error bars computed")]
    [InlineData("The last error was none")]
    [InlineData("  File \"/srv/app.py\", line 3, in <module>")]
    [InlineData("Traceback (most recent call last):")]
    public void Ordinary_output_is_no_error(string line) => ErrorLine.Find(["started", line]).Should().BeNull();
}
