using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Runs;

/// <summary>The output of runs: reads its end and limits its size, while the processes continue to write.</summary>
internal sealed partial class RunOutput(RunStore runs, SteadyClock clock)
{
    /// <summary>Maximum bytes of one run's output at each check.</summary>
    public const long Limit = 10 * 1024 * 1024;

    private const int MaxTailLength = 256 * 1024;
    private const int Part = 1024 * 1024;
    private const int MaxParts = 4;
    private const int MaxPasses = 8;
    private const int EndingLines = 50;

    // The stack of the crashed thread.
    private const string CrashedThread = "Current thread 0x";

    // More than the number of simultaneous starts.
    private const int MaxLatest = 64;

    // An error that a run has outlived by more than this has not ended it. Threads and exit handlers may delay an end.
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<RunId, Printed> printed = [];
    private readonly ConcurrentDictionary<(RunId Run, int Lines), (long Length, IReadOnlyList<string> Lines)> latest = new();

    /// <summary>The last lines of a run as plain text, oldest first; empty without output. Invalid UTF-8 becomes U+FFFD.</summary>
    /// <param name="lines">Maximum number of lines, from the last 256 KiB.</param>
    public IReadOnlyList<string> Tail(RunId run, int lines) => Tail(run, lines, MaxTailLength);

    private IReadOnlyList<string> Tail(RunId run, int lines, int most)
    {
        byte[] end;
        lock (gate)
        {
            end = End(runs.OutputFile(run), most);
            if (end.Length < most)
            {
                end = [.. End(OlderFile(run), most - end.Length), .. end];
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
            var known = printed.GetValueOrDefault(run) ?? new Printed(0, clock.Now, 0, 0);
            known = clock.Now - known.At < Recent ? known : known with { At = clock.Now, Then = known.Emptied + length, Before = known.Then };
            printed[run] = known;
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

            printed[run] = known with { Emptied = known.Emptied + output.Length };
            output.SetLength(0);
            return length;
        }
    }

    /// <summary>Ends the observation of a run that has ended.</summary>
    public void Forget(RunId run)
    {
        lock (gate)
        {
            printed.Remove(run);
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
    /// The diagnosis of an exit: the error line among the last seconds' output, and the last 50 lines. After a crash in native code with more thread stacks than fit: the line with the crash, and
    /// the stack of the crashed thread.
    /// </summary>
    public ExitOutput Ending(RunId run)
    {
        var lines = LastLines(run);
        var recent = Tail(run, int.MaxValue, RecentLength(run)).Count;
        return new ExitOutput(ErrorLine.Find(lines[^Math.Min(recent, lines.Length)..]), lines);
    }

    private int RecentLength(RunId run)
    {
        lock (gate)
        {
            var file = new FileInfo(runs.OutputFile(run));
            var before = printed.GetValueOrDefault(run) is { } known ? known.Before - known.Emptied : 0;
            return (int)Math.Min(MaxTailLength, (file.Exists ? file.Length : 0) - before);
        }
    }

    private string[] LastLines(RunId run)
    {
        string[] tail = [.. Tail(run, int.MaxValue)];
        var last = Math.Max(0, tail.Length - EndingLines);
        var crash = Array.FindLastIndex(tail, static line => !OfStacks().IsMatch(line));
        if (crash < 0 || crash >= last || !tail[crash].StartsWith(ErrorLine.NativeCrash, StringComparison.Ordinal))
        {
            return tail[last..];
        }

        var from = Math.Clamp(Array.FindLastIndex(tail, static line => line.StartsWith(CrashedThread, StringComparison.Ordinal)), crash + 1, last + 1);
        return [tail[crash], .. tail[from..(from + EndingLines - 1)]];
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

    /// <summary>What a run had printed, in bytes.</summary>
    /// <param name="Emptied">The part that its file no longer has.</param>
    /// <param name="Then">At <paramref name="At"/>, at most a little more than <see cref="Recent"/> ago.</param>
    /// <param name="Before">At the look before that one.</param>
    private sealed record Printed(long Emptied, DateTimeOffset At, long Then, long Before);

    [GeneratedRegex(@"^($|  |Thread 0x|Current thread|Extension modules:|Python runtime state:)")]
    private static partial Regex OfStacks();
}
