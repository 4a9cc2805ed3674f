using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Domain.Instances;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Runs;

/// <summary>What runs printed: reads its end and keeps it bounded, while the processes go on writing.</summary>
internal sealed partial class RunOutput(RunStore runs)
{
    /// <summary>Bytes that one run's output may have when it is looked at.</summary>
    public const long Limit = 10 * 1024 * 1024;

    private const int LongestTail = 256 * 1024;
    private const int Part = 1024 * 1024;
    private const int MostParts = 4;
    private const int EndingLines = 50;

    // What faulthandler writes after a crash in native code, before the stacks of all threads. https://docs.python.org/3/library/faulthandler.html
    private const string NativeCrash = "Fatal Python error:";

    // The stack of the thread that crashed.
    private const string CrashedThread = "Current thread 0x";

    // More runs than come up at once.
    private const int MostLatest = 64;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(RunId Run, int Lines), (long Length, IReadOnlyList<string> Lines)> latest = new();

    /// <summary>The last lines of a run as plain text, oldest first; empty when it printed nothing. Invalid UTF-8 reads as U+FFFD.</summary>
    /// <param name="lines">How many lines at most, taken from the last 256 KiB.</param>
    public IReadOnlyList<string> Tail(RunId run, int lines)
    {
        byte[] end;
        lock (gate)
        {
            end = End(runs.OutputFile(run), LongestTail);
            if (end.Length < LongestTail)
            {
                end = [.. End(OlderFile(run), LongestTail - end.Length), .. end];
            }
        }

        var all = Encoding.UTF8.GetString(end).ReplaceLineEndings("\n").TrimEnd('\n');
        return all.Length == 0 ? [] : [.. all.Split('\n')[^Math.Min(lines, all.Count(c => c == '\n') + 1)..].Select(PlainText.Of)];
    }

    /// <summary>
    /// Puts the last part of an output that is over the limit aside and empties the file. Processes append, so they go on at
    /// its new end and never wait. Of what is printed in that very moment some bytes may be missing.
    /// </summary>
    /// <returns>Bytes that were in the file; above <see cref="Limit"/> when it was shortened.</returns>
    /// <exception cref="IOException">It could not be shortened.</exception>
    public long Bound(RunId run)
    {
        lock (gate)
        {
            var file = new FileInfo(runs.OutputFile(run));
            var length = file.Exists ? file.Length : 0;
            if (length <= Limit)
            {
                return length;
            }

            using var output = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var older = new FileStream(OlderFile(run), FileMode.Create, FileAccess.Write);
            output.Seek(-Part, SeekOrigin.End);

            // What is printed meanwhile is taken along, unless the process prints faster than this reads.
            var buffer = new byte[Part];
            for (var (part, read) = (0, Part); part < MostParts && read > 0; part++)
            {
                read = output.ReadAtLeast(buffer, Part, throwOnEndOfStream: false);
                older.Write(buffer, 0, read);
            }

            output.SetLength(0);
            return length;
        }
    }

    /// <summary>The last lines of a run that comes up. Everybody who waits for it asks for them again and again: they are read when it has printed more.</summary>
    /// <param name="lines">How many lines at most.</param>
    public IReadOnlyList<string> Latest(RunId run, int lines)
    {
        var file = new FileInfo(runs.OutputFile(run));
        var length = file.Exists ? file.Length : 0;
        if (latest.TryGetValue((run, lines), out var known) && known.Length == length)
        {
            return known.Lines;
        }

        if (latest.Count >= MostLatest)
        {
            latest.Clear();
        }

        return (latest[(run, lines)] = (length, Tail(run, lines))).Lines;
    }

    /// <summary>
    /// What tells of a run's end: the line that says what went wrong, which is the last one that reads like <c>ModuleNotFoundError: …</c>, else the
    /// last; and the last 50 lines, or, where it ended with a crash in native code and the stacks of more threads than fit, the line that
    /// names the crash and those from the thread that crashed.
    /// </summary>
    public ExitOutput Ending(RunId run)
    {
        var lines = LastLines(run);
        return new ExitOutput(lines.LastOrDefault(IsError) ?? lines.LastOrDefault(line => !string.IsNullOrWhiteSpace(line)), lines);
    }

    private string[] LastLines(RunId run)
    {
        string[] tail = [.. Tail(run, int.MaxValue)];
        var last = Math.Max(0, tail.Length - EndingLines);
        var crash = Array.FindLastIndex(tail, static line => !OfStacks().IsMatch(line));
        if (crash < 0 || crash >= last || !tail[crash].StartsWith(NativeCrash, StringComparison.Ordinal))
        {
            return tail[last..];
        }

        var from = Math.Clamp(Array.FindLastIndex(tail, static line => line.StartsWith(CrashedThread, StringComparison.Ordinal)), crash + 1, last + 1);
        return [tail[crash], .. tail[from..(from + EndingLines - 1)]];
    }

    private static bool IsError(string line)
    {
        if (line.StartsWith(NativeCrash, StringComparison.Ordinal))
        {
            return true;
        }

        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon > 0 ? line.AsSpan(0, colon) : line;
        return !name.Contains(' ') && (name.EndsWith("Error", StringComparison.Ordinal) || name.EndsWith("Exception", StringComparison.Ordinal));
    }

    private static byte[] End(string path, int most)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var end = new byte[Math.Min(most, file.Length)];
            file.Seek(-end.Length, SeekOrigin.End);
            return end[..file.ReadAtLeast(end, end.Length, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string OlderFile(RunId run) => runs.OutputFile(run) + ".1";

    [GeneratedRegex(@"^($|  |Thread 0x|Current thread|Extension modules:|Python runtime state:)")]
    private static partial Regex OfStacks();
}
