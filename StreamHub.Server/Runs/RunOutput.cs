using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Domain.Instances;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Runs;

/// <summary>The output of runs: reads its end and limits its size, while the processes continue to write.</summary>
internal sealed partial class RunOutput(RunStore runs)
{
    /// <summary>Maximum bytes of one run's output at each check.</summary>
    public const long Limit = 10 * 1024 * 1024;

    private const int MaxTailLength = 256 * 1024;
    private const int Part = 1024 * 1024;
    private const int MaxParts = 4;
    private const int MaxPasses = 8;
    private const int EndingLines = 50;

    // The first line of faulthandler's report after a crash in native code, before the stacks of all threads.
    // https://docs.python.org/3/library/faulthandler.html
    private const string NativeCrash = "Fatal Python error:";

    // The stack of the crashed thread.
    private const string CrashedThread = "Current thread 0x";

    // More than the number of simultaneous starts.
    private const int MaxLatest = 64;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(RunId Run, int Lines), (long Length, IReadOnlyList<string> Lines)> latest = new();

    /// <summary>The last lines of a run as plain text, oldest first; empty without output. Invalid UTF-8 becomes U+FFFD.</summary>
    /// <param name="lines">Maximum number of lines, from the last 256 KiB.</param>
    public IReadOnlyList<string> Tail(RunId run, int lines)
    {
        byte[] end;
        lock (gate)
        {
            end = End(runs.OutputFile(run), MaxTailLength);
            if (end.Length < MaxTailLength)
            {
                end = [.. End(OlderFile(run), MaxTailLength - end.Length), .. end];
            }
        }

        var all = Encoding.UTF8.GetString(end).ReplaceLineEndings("\n").TrimEnd('\n');
        return all.Length == 0 ? [] : [.. all.Split('\n')[^Math.Min(lines, all.Count(c => c == '\n') + 1)..].Select(PlainText.Of)];
    }

    /// <summary>
    /// Moves the last part of an output above the limit to another file and empties the file. Processes append, so they continue
    /// at its new end and never wait. Bytes that are written at that very moment may be lost.
    /// </summary>
    /// <returns>The length of the file before; above <see cref="Limit"/> when it was shortened.</returns>
    /// <exception cref="IOException">The file could not be shortened.</exception>
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
            var buffer = new byte[Part];

            // A process that prints faster than this reads is overtaken at its end: its last lines are the ones that count.
            for (var pass = 1; !CopyEnd(output, older, buffer) && pass < MaxPasses; pass++)
            {
                older.SetLength(0);
            }

            output.SetLength(0);
            return length;
        }
    }

    /// <summary>Copies the last part of the output, and what is written meanwhile, this copy included.</summary>
    /// <returns>Whether the end was reached.</returns>
    private static bool CopyEnd(FileStream output, FileStream older, byte[] buffer)
    {
        output.Seek(-Part, SeekOrigin.End);
        for (var part = 0; part < MaxParts; part++)
        {
            var read = output.ReadAtLeast(buffer, Part, throwOnEndOfStream: false);
            older.Write(buffer, 0, read);
            if (output.Position >= output.Length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The last lines of a starting run. Cached, because every waiting visitor polls them: the file is read again only after it
    /// has grown.
    /// </summary>
    public IReadOnlyList<string> Latest(RunId run, int lines)
    {
        var file = new FileInfo(runs.OutputFile(run));
        var length = file.Exists ? file.Length : 0;
        if (latest.TryGetValue((run, lines), out var known) && known.Length == length)
        {
            return known.Lines;
        }

        if (latest.Count >= MaxLatest)
        {
            latest.Clear();
        }

        return (latest[(run, lines)] = (length, Tail(run, lines))).Lines;
    }

    /// <summary>
    /// The diagnosis of an exit: the error line, which is the last line of the form <c>ModuleNotFoundError: …</c>, else the last
    /// line; and the last 50 lines. After a crash in native code with more thread stacks than fit: the line with the crash, and
    /// the stack of the crashed thread.
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
