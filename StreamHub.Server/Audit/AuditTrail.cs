using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Audit;

/// <summary>
/// Adds entries to the audit and verifies it. The head of the chain is stored twice outside of the table: as a fact, in the
/// same transaction, and as a line of the anchor file beside the database, after the commit. Together they reveal an edited,
/// removed or added row and a truncated table, unless table, fact and file were all rewritten; copies of the file on another
/// machine reveal that, too.
/// </summary>
internal sealed partial class AuditTrail(HubSettings settings, IDbContextFactory<HubDbContext> contexts, ILogger<AuditTrail> logger)
{
    /// <summary>Longer than any line of the anchor file.</summary>
    private const int MaxLineLength = 128;

    /// <summary>
    /// Bytes of the file that are kept and read, about 900 lines. Through the chain each line covers all earlier rows, so older lines add no
    /// evidence.
    /// </summary>
    private const int KeptLength = 64 * 1024;

    /// <summary>The size at which the file is truncated to <see cref="KeptLength"/>.</summary>
    private const int MaxFileLength = 1024 * 1024;

    /// <summary>The characters of a line, and the zero bytes that some file systems leave in unwritten parts.</summary>
    private static readonly SearchValues<byte> LineOrNothing = SearchValues.Create("0123456789abcdef \0"u8);

    private readonly Lock anchoring = new();

    /// <summary>The anchor file beside the database: a line <c>sequence count hash</c> for each commit.</summary>
    public string AnchorFile => AnchorFileIn(settings.DataDirectory);

    public static string AnchorFileIn(string dataDirectory) => Path.Combine(dataDirectory, "audit.anchor");

    /// <summary>
    /// Appends rows to the chain and saves all changes of the context. The context must have an open write transaction (BEGIN IMMEDIATE).
    /// </summary>
    /// <returns>The new head, for <see cref="Anchor"/> after the commit.</returns>
    public static async Task<AuditHead> AddAsync(HubDbContext db, IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Audit rows must be added inside a transaction: two writers would otherwise chain to the same row.");
        }

        var fact = await db.Facts.SingleOrDefaultAsync(known => known.Key == HubFactRow.AuditHead, cancellationToken)
            ?? db.Facts.Add(new HubFactRow { Key = HubFactRow.AuditHead, Value = AuditHead.Empty.ToString() }).Entity;

        // An unreadable head is reported by the verification; rows are still appended.
        var head = AuditHead.TryParse(fact.Value, out var known) ? known : AuditHead.Empty;
        var last = await db.Audit.MaxAsync(row => (long?)row.Sequence, cancellationToken) ?? 0;
        foreach (var row in rows)
        {
            // Above every existing row, including one inserted by hand.
            row.Sequence = Math.Max(head.Sequence, last) + 1;
            row.Hash = AuditChain.Hash(head.Hash, row);
            head = new AuditHead(row.Sequence, head.Count + 1, row.Hash);
        }

        fact.Value = head.ToString();
        db.Audit.AddRange(rows);
        await db.SaveChangesAsync(cancellationToken);
        return head;
    }

    /// <summary>Appends rows in a transaction of their own.</summary>
    public async Task AppendAsync(IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var head = await AddAsync(db, rows, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Anchor(head);
    }

    /// <summary>Writes a committed head to the anchor file. A failure does not undo the commit: the next line covers it.</summary>
    public void Anchor(AuditHead head)
    {
        try
        {
            lock (anchoring)
            {
                if (new FileInfo(AnchorFile) is { Exists: true, Length: > MaxFileLength })
                {
                    AtomicFile.Write(AnchorFile, Tail());
                }

                MendEnd();

                // One write to a handle in append mode: the lines of two processes do not mix.
                using var file = new FileStream(AnchorFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0, FileOptions.WriteThrough);
                file.Write(Encoding.ASCII.GetBytes($"{head}\n"));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.AnchorFailed(logger, AnchorFile, head.Sequence, exception);
        }
    }

    /// <summary>Creates the chain in a database from before the chain existed; does nothing when a chain exists.</summary>
    public async Task SealAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (File.Exists(AnchorFile)
            || await db.Facts.AnyAsync(fact => fact.Key == HubFactRow.AuditHead, cancellationToken)
            || await db.Audit.AnyAsync(row => row.Hash != "", cancellationToken))
        {
            return;
        }

        var head = AuditHead.Empty;
        foreach (var row in await db.Audit.OrderBy(row => row.Sequence).ToListAsync(cancellationToken))
        {
            row.Hash = AuditChain.Hash(head.Hash, row);
            head = new AuditHead(row.Sequence, head.Count + 1, row.Hash);
        }

        db.Facts.Add(new HubFactRow { Key = HubFactRow.AuditHead, Value = head.ToString() });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Anchor(head);
    }

    /// <summary>Verifies the whole audit.</summary>
    /// <returns>The number of rows, and the first fault in English (its format is the key of translations); null when all are intact.</returns>
    public async Task<(long Rows, FormattableString? Fault)> VerifyAsync(CancellationToken cancellationToken)
    {
        // The file is read first: it may lag behind the table, but the table never lags behind the file.
        var (anchors, fault) = ReadAnchors();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);

        // A read transaction: a consistent state of table and head, without blocking writers during the long read.
        await using var transaction = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
        await db.Database.UseTransactionAsync(transaction, cancellationToken);
        var head = AuditHead.Empty;
        await foreach (var row in db.Audit.AsNoTracking().OrderBy(row => row.Sequence).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (AuditChain.Hash(head.Hash, row) != row.Hash)
            {
                return (head.Count, $"row {row.Sequence} was changed, or is not the one that followed row {head.Sequence}");
            }

            head = new AuditHead(row.Sequence, head.Count + 1, row.Hash);
            if (anchors.Remove(row.Sequence, out var anchored) && anchored != head)
            {
                return (head.Count, $"row {row.Sequence} is not the one that {AnchorFile} knows: the chain was written anew");
            }
        }

        anchors.Remove(0);
        if (anchors.Count > 0)
        {
            return (head.Count, $"row {anchors.Keys.Min()} is missing: {AnchorFile} knows it");
        }

        var stored = await db.Facts.AsNoTracking().Where(known => known.Key == HubFactRow.AuditHead).Select(known => known.Value).SingleOrDefaultAsync(cancellationToken);
        if (!AuditHead.TryParse(stored, out var kept))
        {
            return (head.Count, $"row {head.Sequence}: the fact {HubFactRow.AuditHead}, which tells the last row, is missing or unreadable");
        }

        return (head.Count, kept == head ? fault : $"row {Math.Min(kept.Sequence, head.Sequence) + 1}: the last row is {head.Sequence} of {head.Count}, but {kept.Sequence} of {kept.Count} was written");
    }

    /// <summary>
    /// Repairs the end of the file. After a power cut or with a full disk the last line may be incomplete, and the next line would be appended to
    /// it. An incomplete line is removed: the next line covers its commit. A complete line stays, with or without its line break; text that the
    /// hub never writes stays as a line of its own for the verification to report.
    /// </summary>
    private void MendEnd()
    {
        if (!File.Exists(AnchorFile))
        {
            return;
        }

        using var file = new FileStream(AnchorFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0, FileOptions.WriteThrough);
        Span<byte> end = stackalloc byte[(int)Math.Min(file.Length, MaxLineLength)];
        file.Seek(-end.Length, SeekOrigin.End);
        file.ReadExactly(end);
        var half = end[(end.LastIndexOf((byte)'\n') + 1)..];
        if (half.Length == 0)
        {
            return;
        }

        if (half.Length < MaxLineLength && !AuditHead.TryParse(Encoding.ASCII.GetString(half), out _) && !half.ContainsAnyExcept(LineOrNothing))
        {
            file.SetLength(file.Length - half.Length);
        }
        else
        {
            file.Write("\n"u8);
        }
    }

    private (Dictionary<long, AuditHead> Anchors, FormattableString? Fault) ReadAnchors()
    {
        if (!File.Exists(AnchorFile))
        {
            return ([], $"row 1: the file {AnchorFile} is missing; what the table and its head say agrees");
        }

        var anchors = new Dictionary<long, AuditHead>();
        FormattableString? fault = null;
        var text = Encoding.ASCII.GetString(Tail());

        // After a power cut the last line may be incomplete or lack its line break.
        var end = text.LastIndexOf('\n') + 1;
        foreach (var line in text[..(AuditHead.TryParse(text[end..], out _) ? text.Length : end)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!AuditHead.TryParse(line, out var head) || (anchors.TryGetValue(head.Sequence, out var other) && other != head))
            {
                fault ??= $"line '{PlainText.Line(line, MaxLineLength)}' of {AnchorFile} is not one that the hub wrote";
                continue;
            }

            anchors[head.Sequence] = head;
        }

        return (anchors, fault);
    }

    /// <summary>The last lines of the file, starting with a complete one.</summary>
    private byte[] Tail()
    {
        using var file = new FileStream(AnchorFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var skipped = Math.Max(0, file.Length - KeptLength);
        file.Position = skipped;
        var bytes = new byte[file.Length - skipped];
        file.ReadExactly(bytes);
        return skipped == 0 ? bytes : bytes[(bytes.AsSpan().IndexOf((byte)'\n') + 1)..];
    }

    private static partial class Log
    {
        [LoggerMessage(2042, LogLevel.Error, "The audit anchor file {File} cannot be written (row {Sequence}).")]
        public static partial void AnchorFailed(ILogger logger, string file, long sequence, Exception exception);
    }
}
