using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runs;

/// <summary>
/// One directory for each run under <c>runs</c>: <c>run.json</c>, written before the process starts and again when its identity
/// is known, and <c>output.log</c>. Files, not rows: launch and adoption work while the database is unavailable.
/// </summary>
internal sealed class RunStore(HubSettings settings)
{
    /// <summary>Number of the newest directories that are kept; those of living runs are always kept.</summary>
    internal const int KeptRuns = 200;

    private const string RecordFile = "run.json";

    private readonly Lock amending = new();
    private readonly string root = Directory.CreateDirectory(Path.Combine(settings.DataDirectory, "runs")).FullName;

    /// <summary>The random id of this data directory: 32 hexadecimal digits.</summary>
    public string HubId { get; } = ReadOrCreateId(Path.Combine(settings.DataDirectory, "hub-id"));

    /// <summary>Every recorded run, newest first.</summary>
    public IEnumerable<RunRecord> All() => Runs().OrderDescending().Select(Read).OfType<RunRecord>();

    public string OutputFile(RunId run) => Path.Combine(DirectoryOf(run), "output.log");

    /// <summary>Appends a line of the hub to a run's output, possibly while the process writes to it.</summary>
    public async Task AppendOutputAsync(RunId run, string line, CancellationToken cancellationToken)
    {
        await using var output = new FileStream(OutputFile(run), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        await output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
    }

    /// <summary>The working directory of a run, for files of its runtime.</summary>
    public string DirectoryOf(RunId run) => Path.Combine(root, run.ToString());

    /// <summary>Greater than every recorded run number.</summary>
    public RunId NextRun() => new(Runs().Select(run => run.Value).DefaultIfEmpty(0).Max() + 1);

    /// <summary>Writes the record of a run, atomically.</summary>
    public void Record(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var directory = Directory.CreateDirectory(DirectoryOf(record.Run)).FullName;
        var file = Path.Combine(directory, RecordFile);

        // Without a flush to the disk: a failure of the machine also ends its processes, and a launch must not wait for a slow
        // disk.
        AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(Stored.From(record), JsonSerializerOptions.Web), isLasting: false);
    }

    /// <summary>Updates the record of a run, for the next hub. Callers continue when this fails.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void Amend(RunId run, Func<RunRecord, RunRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (amending)
        {
            if (Read(run) is { } record)
            {
                Record(change(record));
            }
        }
    }

    /// <summary>The record of a run; null when missing or unreadable.</summary>
    public RunRecord? Read(RunId run)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(DirectoryOf(run), RecordFile));
            return JsonSerializer.Deserialize<Stored>(file, JsonSerializerOptions.Web)?.ToRecord(run);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Deletes the oldest directories of ended runs.</summary>
    /// <param name="isAlive">Whether a run's directory must be kept.</param>
    public void Prune(Func<RunId, bool> isAlive)
    {
        foreach (var run in Runs().OrderDescending().Skip(KeptRuns).Where(run => !isAlive(run)))
        {
            try
            {
                Directory.Delete(DirectoryOf(run), recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // An open reader of its log blocks the deletion (Windows); the next pruning retries.
            }
        }
    }

    private static string ReadOrCreateId(string file)
    {
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: 32 } id && id.All(char.IsAsciiHexDigit))
        {
            return id;
        }

        id = Guid.NewGuid().ToString("N");
        File.WriteAllText(file, id);
        return id;
    }

    private IEnumerable<RunId> Runs() =>
        from directory in Directory.EnumerateDirectories(root)
        let number = long.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0
        where number > 0
        select new RunId(number);

    private sealed record Stored(string App, string? User, int Port, DateTimeOffset Created, int? Pid, long? StartTime, string? BootId, bool Ready = false, bool Ending = false, DateTimeOffset? DrainUntil = null, string? DrainWhy = null, bool? Over = null)
    {
        public static Stored From(RunRecord record) => new(
            record.Instance.App.ToString(),
            record.Instance.User?.ToString(),
            record.Endpoint.Port,
            record.Created,
            record.Process?.Pid,
            record.Process?.StartTime,
            record.Process?.BootId,
            record.IsReady,
            record.IsEnding,
            record.DrainUntil,
            record.DrainWhy,
            record.IsOver);

        public RunRecord? ToRecord(RunId run)
        {
            if (!AppSlug.TryParse(App, out var app))
            {
                return null;
            }

            // A record without this field was written by an older hub.
            var key = new InstanceKey(app, UserName.TryParse(User, out var user) ? user : null);
            var process = Pid is { } pid && StartTime is { } start ? new ProcessIdentity(pid, start, BootId ?? "") : null;
            return new RunRecord(run, key, new AppEndpoint(Port), Created, process) { IsReady = Ready, IsEnding = Ending, DrainUntil = DrainUntil, DrainWhy = DrainWhy, IsOver = Over ?? true };
        }
    }
}
