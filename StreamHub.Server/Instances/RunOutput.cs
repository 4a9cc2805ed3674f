using System.Text;
using StreamHub.Domain.Instances;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Instances;

/// <summary>Reads what runs printed. A process may be writing to the same file.</summary>
public sealed class RunOutput(RunStore runs)
{
    private const int LongestTail = 256 * 1024;

    /// <summary>The last lines of a run as plain text, oldest first; empty when it printed nothing. Invalid UTF-8 reads as U+FFFD.</summary>
    /// <param name="run">The run.</param>
    /// <param name="lines">How many lines at most, taken from the last 256 KiB.</param>
    public IReadOnlyList<string> Tail(RunId run, int lines)
    {
        try
        {
            using var file = new FileStream(runs.OutputFile(run), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(LongestTail, file.Length), SeekOrigin.End);
            using var reader = new StreamReader(file, Encoding.UTF8);
            var all = reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n');
            return all.Length == 0 ? [] : [.. all.Split('\n')[^Math.Min(lines, all.Count(c => c == '\n') + 1)..].Select(PlainText.Of)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>
    /// The line that says what went wrong: the last one that reads like <c>ModuleNotFoundError: …</c>,
    /// else the last line; null when nothing was printed.
    /// </summary>
    public string? ErrorLine(RunId run)
    {
        var tail = Tail(run, 50);
        return tail.LastOrDefault(IsError) ?? tail.LastOrDefault(line => !string.IsNullOrWhiteSpace(line));
    }

    private static bool IsError(string line)
    {
        // What faulthandler writes before the stack of a crash in native code.
        if (line.StartsWith("Fatal Python error:", StringComparison.Ordinal))
        {
            return true;
        }

        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon > 0 ? line.AsSpan(0, colon) : line;
        return !name.Contains(' ') && (name.EndsWith("Error", StringComparison.Ordinal) || name.EndsWith("Exception", StringComparison.Ordinal));
    }
}
