using System.Collections.Immutable;
using System.Text.Json;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Instances;

/// <summary>
/// What admins have stopped, in <c>holds.json</c>: it stays so over a restart of the hub. A file, not rows: an app can be
/// stopped while the database is locked or full.
/// </summary>
public sealed partial class HoldStore(HubSettings settings, ILogger<HoldStore> logger)
{
    private readonly string file = Path.Combine(settings.DataDirectory, "holds.json");
    private readonly Lock writing = new();

    /// <summary>What was kept. Holds whose time is over meanwhile are the supervisor's to end.</summary>
    public HubEvent.HoldsRestored Read()
    {
        var holds = ImmutableDictionary.CreateBuilder<InstanceKey, Hold>();
        try
        {
            var stored = File.Exists(file) ? JsonSerializer.Deserialize<Stored>(File.ReadAllBytes(file), JsonSerializerOptions.Web) : null;
            foreach (var held in stored?.Holds ?? [])
            {
                if (AppSlug.TryParse(held.App, out var app))
                {
                    holds[new InstanceKey(app, UserName.TryParse(held.User, out var user) ? user : null)] = held.Hold;
                }
            }

            return new HubEvent.HoldsRestored(holds.ToImmutable(), stored?.Maintenance);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            Log.Unreadable(logger, file, exception.Message);
            return new HubEvent.HoldsRestored(ImmutableDictionary<InstanceKey, Hold>.Empty, null);
        }
    }

    /// <summary>Writes down what is held now. Before an admin is told that it is done.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Keep(HubState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var stored = new Stored(
            state.Maintenance,
            [
                .. from instance in state.Instances.Values
                   let held = instance.Desired as Desired.Held
                   where held is not null
                   select new Held(instance.Key.App.ToString(), instance.Key.User?.ToString(), held.Hold),
            ]);
        lock (writing)
        {
            AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(stored, JsonSerializerOptions.Web));
        }
    }

    private sealed record Stored(Hold? Maintenance, IReadOnlyList<Held>? Holds);

    private sealed record Held(string App, string? User, Hold Hold);

    private static partial class Log
    {
        [LoggerMessage(1801, LogLevel.Error, "What admins had stopped cannot be read from {File} and is not held any more: {Message}")]
        public static partial void Unreadable(ILogger logger, string file, string message);
    }
}
