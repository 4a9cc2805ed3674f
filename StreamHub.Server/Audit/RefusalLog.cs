using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Audit;

/// <summary>
/// Writes refusals to the audit. Callers put a note into a bounded channel; one reader counts (<see cref="RefusalTally"/>) and writes. Notes beyond
/// the channel's capacity are counted by reason only.
/// </summary>
internal sealed partial class RefusalLog(AuditTrail audit, SteadyClock clock, ILogger<RefusalLog> logger) : BackgroundService
{
    /// <summary>The capacity of the channel.</summary>
    internal const int Waiting = 4096;

    /// <summary>Kinds of refusals that are counted separately within a window; a window adds at most two rows for each.</summary>
    internal const int Kinds = 200;

    /// <summary>How long repetitions of a refusal are counted before they become a row.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const int MaxDetailLength = 200;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Channel<Refused> notes = Channel.CreateBounded<Refused>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly long[] unheard = new long[Enum.GetValues<RefusalReason>().Length];
    private readonly RefusalTally tally = new(Kinds);
    private readonly List<AuditRow> rows = [];
    private bool failing;

    /// <summary>Records a refusal without waiting.</summary>
    public void Note(Refused refused)
    {
        if (!notes.Writer.TryWrite(refused))
        {
            Interlocked.Increment(ref unheard[(int)refused.Kind.Reason]);
        }
    }

    /// <summary>Counts the notes and writes the resulting rows; calls must not overlap.</summary>
    /// <param name="closes">Whether the window ends.</param>
    internal async Task WriteAsync(bool closes, CancellationToken cancellationToken)
    {
        var now = clock.Wall;
        while (notes.Reader.TryRead(out var refused))
        {
            Add(tally.Note(refused, now));
        }

        foreach (var reason in Enum.GetValues<RefusalReason>())
        {
            if (Interlocked.Exchange(ref unheard[(int)reason], 0) is > 0 and var count)
            {
                Add(tally.Note(new Refused(new RefusalKind(null, reason, null, IsRest: true), null, ""), now, count));
            }
        }

        // The window stays open while the audit cannot be written, so that the number of waiting rows is bounded by the number of kinds.
        await AppendAsync(cancellationToken);
        if (closes)
        {
            foreach (var count in tally.Close(now))
            {
                Add(count);
            }

            await AppendAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var window = new PeriodicTimer(Window, clock.TimeProvider);
        try
        {
            var over = window.WaitForNextTickAsync(stoppingToken).AsTask();
            var noted = notes.Reader.WaitToReadAsync(stoppingToken).AsTask();
            while (true)
            {
                await Task.WhenAny(over, noted);
                stoppingToken.ThrowIfCancellationRequested();
                await TryWriteAsync(over.IsCompleted);
                over = over.IsCompleted ? window.WaitForNextTickAsync(stoppingToken).AsTask() : over;
                noted = noted.IsCompleted ? notes.Reader.WaitToReadAsync(stoppingToken).AsTask() : noted;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryWriteAsync(closes: true);
        }
    }

    private async Task TryWriteAsync(bool closes)
    {
        try
        {
            // Also while the hub stops; SQLite's busy timeout of 5 s limits it.
            await WriteAsync(closes, CancellationToken.None);
            failing = false;
        }
        catch (Exception exception)
        {
            if (!failing)
            {
                Log.Failed(logger, rows.Count, exception);
            }

            failing = true;
        }
    }

    private async Task AppendAsync(CancellationToken cancellationToken)
    {
        await audit.AppendAsync(rows, cancellationToken);
        rows.Clear();
    }

    private void Add(RefusalCount? count)
    {
        if (count is null)
        {
            return;
        }

        var (kind, user, detail) = count.First;
        var after = new JsonObject { ["count"] = count.Count };
        if (count.Since != count.Until)
        {
            after["since"] = Instant(count.Since);
            after["until"] = Instant(count.Until);
        }

        if (kind.IsRest)
        {
            after["addresses"] = "many";
        }

        if (detail.Length > 0)
        {
            after[kind.Reason switch
            {
                RefusalReason.Host => "host",
                RefusalReason.Origin => "origin",
                RefusalReason.OwnApp or RefusalReason.Connections => "to",
                RefusalReason.Message => "answer",
                RefusalReason.Token or RefusalReason.Scope => "token",
                RefusalReason.Device => "before",
                _ => "path",
            }] = Short(detail);
        }

        rows.Add(new AuditRow
        {
            At = count.Until,
            Actor = kind.Token?.Actor ?? user?.ToString() ?? "",
            Address = kind.From?.ToString(),
            Action = kind.Reason == RefusalReason.Device ? "device.changed" : $"refused.{JsonNamingPolicy.CamelCase.ConvertName(kind.Reason.ToString())}",
            Target = kind.Device?.ToString() ?? kind.App?.ToString() ?? "",
            After = after.ToJsonString(Json),
        });
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Short(string text) => text.Length > MaxDetailLength ? text[..MaxDetailLength] : text;

    private static partial class Log
    {
        [LoggerMessage(2041, LogLevel.Error, "Refusals cannot be written to the audit; {Count} rows are waiting.")]
        public static partial void Failed(ILogger logger, int count, Exception exception);
    }
}
