using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Supervision;

/// <summary>
/// The admins' holds, in <c>holds.json</c>, kept over restarts of the hub. A file, not rows: an app can be stopped while the
/// database is locked or full.
/// </summary>
internal sealed partial class HoldStore(HubSettings settings, ILogger<HoldStore> logger)
{
    private const string UnreadSuffix = ".unreadable-";

    private readonly string file = Path.Combine(settings.DataDirectory, "holds.json");
    private readonly Lock writing = new();
    private bool isUnread;

    /// <summary>The oldest unreadable file; null for none. Only a person removes it: it lists what admins had stopped, and nothing else does.</summary>
    public string? Unread => Directory.EnumerateFiles(settings.DataDirectory, Path.GetFileName(file) + UnreadSuffix + "*").Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The stored holds, including expired ones, which the supervisor ends.</summary>
    public HubEvent.HoldsRestored Read()
    {
        lock (writing)
        {
            try
            {
                var stored = Load();
                var holds = ImmutableDictionary.CreateBuilder<InstanceKey, Hold>();
                foreach (var held in stored.Holds ?? [])
                {
                    if (AppSlug.TryParse(held.App, out var app))
                    {
                        holds[new InstanceKey(app, UserName.TryParse(held.User, out var user) ? user : null)] = held.Hold;
                    }
                }

                return new HubEvent.HoldsRestored(holds.ToImmutable(), stored.Maintenance);
            }
            catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
            {
                Log.Unreadable(logger, file, exception.Message);
                SetAside();
                return new HubEvent.HoldsRestored(ImmutableDictionary<InstanceKey, Hold>.Empty, null);
            }
        }
    }

    /// <summary>Stores the current holds. Called before the admin gets a success message.</summary>
    /// <param name="present">Returns the present state. Evaluated inside the lock, so that the later of two changes is stored last.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Keep(Func<HubState> present)
    {
        ArgumentNullException.ThrowIfNull(present);
        lock (writing)
        {
            var state = present();
            Write(new Stored(
                state.Maintenance,
                [
                    .. from instance in state.Instances.Values
                       let held = instance.Desired as Desired.Held
                       where held is not null
                       select new Held(instance.Key.App.ToString(), instance.Key.User?.ToString(), held.Hold),
                ]));
        }
    }

    /// <summary>Removes holds of removed apps: a new app may reuse the name.</summary>
    public void Forget(ImmutableArray<App> apps)
    {
        lock (writing)
        {
            try
            {
                if (!isUnread && Load() is { Holds: { } all } stored && all.Where(IsRegistered).ToArray() is var left && left.Length < all.Count)
                {
                    Write(stored with { Holds = left });
                }
            }
            catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
            {
                Log.NotForgotten(logger, file, exception.Message);
            }
        }

        bool IsRegistered(Held held) => apps.Any(app => app.Slug.ToString() == held.App && held.User is null == (app.Instances == InstanceMode.Shared));
    }

    private Stored Load() =>
        !File.Exists(file) ? new Stored(null, null)
        : JsonSerializer.Deserialize<Stored>(File.ReadAllBytes(file), JsonSerializerOptions.Web) ?? throw new JsonException("The file is empty.");

    private void Write(Stored stored)
    {
        if (isUnread)
        {
            MoveAside();
        }

        AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(stored, JsonSerializerOptions.Web));
    }

    private void SetAside()
    {
        isUnread = true;
        try
        {
            MoveAside();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Retried before the next write to this file.
            Log.NotAside(logger, file, exception.Message);
        }
    }

    private void MoveAside()
    {
        var number = 1;
        while (Path.Exists(Aside()))
        {
            number++;
        }

        if (File.Exists(file))
        {
            File.Move(file, Aside());
        }

        isUnread = false;

        string Aside() => file + UnreadSuffix + number.ToString(CultureInfo.InvariantCulture);
    }

    private sealed record Stored(Hold? Maintenance, IReadOnlyList<Held>? Holds);

    private sealed record Held(string App, string? User, Hold Hold);

    private static partial class Log
    {
        [LoggerMessage(1801, LogLevel.Error, "The admins' holds in {File} are unreadable and no longer active: {Message}")]
        public static partial void Unreadable(ILogger logger, string file, string message);

        [LoggerMessage(1802, LogLevel.Error, "The unreadable file {File} could not be renamed: {Message}")]
        public static partial void NotAside(ILogger logger, string file, string message);

        [LoggerMessage(1803, LogLevel.Warning, "{File} may contain holds of removed apps: {Message}")]
        public static partial void NotForgotten(ILogger logger, string file, string message);
    }
}
