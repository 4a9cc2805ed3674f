using System.Text.RegularExpressions;

namespace StreamHub.Server.Runs;

/// <summary>Finds the line of an output that says what went wrong. Ordinary output says nothing, also as the last line.</summary>
internal static partial class ErrorLine
{
    // The first line of faulthandler's report after a crash in native code, before the stacks of all threads.
    // https://docs.python.org/3/library/faulthandler.html
    public const string NativeCrash = "Fatal Python error:";

    public static string? Find(IReadOnlyList<string> lines) => lines.LastOrDefault(line => Exception().IsMatch(line) || Message().IsMatch(line));

    // The last line of a traceback: "ValueError: no such column", "pkg.errors.MissingError".
    [GeneratedRegex(@"^[\w.]*(?:Error|Exception)(?::|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Exception();

    // Programs begin such a line with the word, after their name, a time or brackets: "app.py: error: …", "fatal: …", "ERROR:    [Errno 98] …",
    // "2030-01-07 12:00:00 [7] [ERROR] …". The rest is of shells, loaders and runtimes.
    [GeneratedRegex(
        @"^(?:[\w./-]+: )?(?:fatal error|fatal|error|panic): |^[\[\]\d\s:.,/TZ+-]*\[?(?-i:ERROR|FATAL|CRITICAL)\b|^Fatal Python error:|^Exception in thread |^thread '.*' panicked"
        + @"|^terminate called after |^  what\(\): |^Segmentation fault|^Port \d+ is (?:not available|already in use)|: (?:\[Errno \d+\] )?(?:not found|command not found|No such file or directory|Permission denied)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Message();
}
