using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Data;

/// <summary>
/// Whether the database can be read and written, as reported by its readers and writers. From a read fault on, the last good policy is valid for
/// <c>StreamHub:LastGoodPolicy</c>.
/// </summary>
internal sealed partial class DatabaseHealth(HubSettings settings, SteadyClock clock, ILogger<DatabaseHealth> logger)
{
    private readonly Lock turn = new();
    private DatabaseFault? reading;
    private DatabaseFault? writing;
    private volatile bool isSound = true;
    private volatile bool isSuspect;

    /// <summary>Raised when a fault begins, changes or ends.</summary>
    public event Action? Changed;

    /// <summary>The read fault; null when there is none.</summary>
    public DatabaseFault? Reading => Volatile.Read(ref reading);

    /// <summary>The write fault; null when no write has failed. A database that cannot be read is not written either.</summary>
    public DatabaseFault? Writing => Volatile.Read(ref writing);

    /// <summary>When the last good policy expires; null while the database can be read.</summary>
    public DateTimeOffset? GoodUntil => Reading is { } fault ? fault.Since + settings.LastGoodPolicy : null;

    /// <summary>Whether the last good policy has expired.</summary>
    public bool IsOver => GoodUntil <= clock.Now;

    /// <summary>Whether connections may be opened: a damaged file is not written, so that it stays repairable.</summary>
    internal bool IsSound
    {
        get => isSound;
        set => isSound = value;
    }

    /// <summary>Whether a reader met a corrupt page, so that the file has to be checked.</summary>
    internal bool IsSuspect
    {
        get => isSuspect;
        set => isSuspect = value;
    }

    /// <summary>Records a failed read.</summary>
    internal void ReadFailed(Exception exception)
    {
        if (Begin(ref reading, exception) is { } kind)
        {
            Log.Unreadable(logger, kind, settings.LastGoodPolicy, exception);
            Changed?.Invoke();
        }
    }

    /// <summary>Records a successful read.</summary>
    internal void ReadWorked()
    {
        if (End(ref reading) is { } fault)
        {
            Log.Readable(logger, fault.Kind, clock.Now - fault.Since);
        }
    }

    /// <summary>Records a failed write or a failed start of a write transaction.</summary>
    internal void WriteFailed(Exception exception)
    {
        if (DatabaseFault.KindOf(exception) == DatabaseFaultKind.Damaged)
        {
            isSuspect = true;
        }

        if (Reading is null && Begin(ref writing, exception) is { } kind)
        {
            Log.Unwritable(logger, kind, exception);
            Changed?.Invoke();
        }
    }

    /// <summary>Records a successful write of the size of a large change.</summary>
    internal void WriteWorked()
    {
        if (End(ref writing) is { } fault)
        {
            Log.Writable(logger, fault.Kind, clock.Now - fault.Since);
        }
    }

    /// <returns>The kind of a new fault; null for a known one.</returns>
    private DatabaseFaultKind? Begin(ref DatabaseFault? field, Exception exception)
    {
        var kind = DatabaseFault.KindOf(exception);
        lock (turn)
        {
            if (field?.Kind == kind)
            {
                return null;
            }

            // Another symptom of the same fault: the time of the last good policy does not restart.
            Volatile.Write(ref field, new DatabaseFault(kind, field?.Since ?? clock.Now, exception.Message));
            return kind;
        }
    }

    private DatabaseFault? End(ref DatabaseFault? field)
    {
        if (Volatile.Read(ref field) is null)
        {
            return null;
        }

        DatabaseFault? ended;
        lock (turn)
        {
            ended = field;
            Volatile.Write(ref field, null);
        }

        Changed?.Invoke();
        return ended;
    }

    private static partial class Log
    {
        [LoggerMessage(1501, LogLevel.Error, "The database cannot be read ({Kind}). The last good policy stays active for {Time}; other clients are denied")]
        public static partial void Unreadable(ILogger logger, DatabaseFaultKind kind, TimeSpan time, Exception exception);

        [LoggerMessage(1502, LogLevel.Warning, "The database can be read again ({Kind}, for {Time})")]
        public static partial void Readable(ILogger logger, DatabaseFaultKind kind, TimeSpan time);

        [LoggerMessage(1503, LogLevel.Error, "The database cannot be written ({Kind}): changes are refused, and audit entries wait")]
        public static partial void Unwritable(ILogger logger, DatabaseFaultKind kind, Exception exception);

        [LoggerMessage(1504, LogLevel.Warning, "The database can be written again ({Kind}, for {Time})")]
        public static partial void Writable(ILogger logger, DatabaseFaultKind kind, TimeSpan time);
    }
}
