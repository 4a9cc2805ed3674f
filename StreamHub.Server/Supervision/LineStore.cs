using System.Collections.Immutable;
using System.Text.Json;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Supervision;

/// <summary>Instances with waiting visitors, in <c>line.json</c>: the next hub keeps the order of the queue, even after a crash.</summary>
internal sealed partial class LineStore(HubSettings settings, Supervisor supervisor, ILogger<LineStore> logger) : BackgroundService
{
    private readonly string file = Path.Combine(settings.DataDirectory, "line.json");

    /// <summary>The stored queue; empty when unreadable.</summary>
    public ImmutableArray<InstanceKey> Read()
    {
        try
        {
            var stored = File.Exists(file) ? JsonSerializer.Deserialize<Waiter[]>(File.ReadAllBytes(file), JsonSerializerOptions.Web) : null;
            return [.. (stored ?? []).Select(static waiter => waiter.Key).OfType<InstanceKey>()];
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            Log.Failed(logger, file, exception.Message);
            return [];
        }
    }

    /// <summary>Stores each change of the queue. A stopping hub keeps the last stored queue.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before it starts, the hub knows no app and the queue is empty.
        ImmutableArray<InstanceKey>? kept = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var state = await supervisor.WaitForAsync(state => !state.Apps.IsEmpty && state.Phase is HubPhase.Running && !(kept is { } same && state.Line.SequenceEqual(same)), stoppingToken);
                kept = [.. state.Line];
                AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(kept.Value.Select(Waiter.From), JsonSerializerOptions.Web));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Only the order after a restart is affected; the next change is written again.
                Log.Failed(logger, file, exception.Message);
            }
        }
    }

    private sealed record Waiter(string App, string? User)
    {
        public InstanceKey? Key => AppSlug.TryParse(App, out var app) ? new InstanceKey(app, UserName.TryParse(User, out var user) ? user : null) : null;

        public static Waiter From(InstanceKey key) => new(key.App.ToString(), key.User?.ToString());
    }

    private static partial class Log
    {
        [LoggerMessage(1901, LogLevel.Warning, "The queue could not be stored in {File}: {Message}")]
        public static partial void Failed(ILogger logger, string file, string message);
    }
}
