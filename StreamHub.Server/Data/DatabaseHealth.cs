using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Data;

/// <summary>
/// Whether the database can be read and written, as its readers and writers tell. What was read last is good for
/// <c>StreamHub:LastGoodPolicy</c> from the moment that it cannot be read any more.
/// </summary>
internal sealed partial class DatabaseHealth(HubSettings settings, SteadyClock clock, ILogger<DatabaseHealth> logger)
{
    private readonly Lock turn = new();
    private DatabaseFault? reading;
    private DatabaseFault? writing;
    private volatile bool isSound = true;
    private volatile bool isSuspect;

    /// <summary>Raised when a fault begins, becomes another one or ends.</summary>
    public event Action? Changed;

    /// <summary>Why it cannot be read; null when it can.</summary>
    public DatabaseFault? Reading => Volatile.Read(ref reading);

    /// <summary>Why it cannot be written; null when nobody failed to. A database that cannot be read is not written either.</summary>
    public DatabaseFault? Writing => Volatile.Read(ref writing);

    /// <summary>Until when the last good policy lets people in; null while the database can be read.</summary>
    public DateTimeOffset? GoodUntil => Reading is { } fault ? fault.Since + settings.LastGoodPolicy : null;

    /// <summary>Whether the last good policy is too old to let anybody in.</summary>
    public bool IsOver => GoodUntil <= clock.Now;

    /// <summary>Whether connections may be opened: nothing is written into a file that is damaged, lest it could not be repaired.</summary>
    internal bool IsSound
    {
        get => isSound;
        set => isSound = value;
    }

    /// <summary>Whether somebody met a page that makes no sense: the file is to be checked.</summary>
    internal bool IsSuspect
    {
        get => isSuspect;
        set => isSuspect = value;
    }

    /// <summary>Takes note that the database could not be read.</summary>
    internal void ReadFailed(Exception exception)
    {
        if (Begin(ref reading, exception) is { } kind)
        {
            Log.Unreadable(logger, kind, settings.LastGoodPolicy, exception);
            Changed?.Invoke();
        }
    }

    /// <summary>Takes note that it was read.</summary>
    internal void ReadWorked()
    {
        if (End(ref reading) is { } fault)
        {
            Log.Readable(logger, fault.Kind, clock.Now - fault.Since);
        }
    }

    /// <summary>Takes note that a write, or an attempt to begin one, failed.</summary>
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

    /// <summary>Takes note that as much as a large change was written.</summary>
    internal void WriteWorked()
    {
        if (End(ref writing) is { } fault)
        {
            Log.Writable(logger, fault.Kind, clock.Now - fault.Since);
        }
    }

    /// <returns>The kind of a fault that is new; null for one that is known.</returns>
    private DatabaseFaultKind? Begin(ref DatabaseFault? field, Exception exception)
    {
        var kind = DatabaseFault.KindOf(exception);
        lock (turn)
        {
            if (field?.Kind == kind)
            {
                return null;
            }

            // Another face of the same trouble: the time that the last good policy is good for does not begin anew.
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
        [LoggerMessage(1501, LogLevel.Error, "The database cannot be read ({Kind}). Who was let in by what was read last goes on for {Time}; nobody else is let in")]
        public static partial void Unreadable(ILogger logger, DatabaseFaultKind kind, TimeSpan time, Exception exception);

        [LoggerMessage(1502, LogLevel.Warning, "The database can be read again ({Kind}, for {Time})")]
        public static partial void Readable(ILogger logger, DatabaseFaultKind kind, TimeSpan time);

        [LoggerMessage(1503, LogLevel.Error, "The database cannot be written ({Kind}): changes are refused, and the audit waits")]
        public static partial void Unwritable(ILogger logger, DatabaseFaultKind kind, Exception exception);

        [LoggerMessage(1504, LogLevel.Warning, "The database can be written again ({Kind}, for {Time})")]
        public static partial void Writable(ILogger logger, DatabaseFaultKind kind, TimeSpan time);
    }
}
