using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Lifetime;

namespace StreamHub.Server.Configuration.Entries;

/// <summary>Domain values as entries, and entries as text.</summary>
internal static class EntryWriter
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // The file is read by people, who may write names in any script.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(HubFile file) => JsonSerializer.Serialize(file, Json);

    public static UserEntry Entry(User user) => new()
    {
        Name = user.Name.ToString(),
        Role = user.Role == Role.Admin ? "admin" : "user",
        Addresses = [.. user.Addresses.Select(range => range.ToString())],
        Apps = [.. user.Apps.Order().Select(slug => slug.ToString())],
        Expires = user.Expires,
        Disabled = user.Disabled,
        Hours = user.Hours.IsAlways ? null : [.. user.Hours.Windows.Select(WeekHours.Format)],
        AllowWide = user.AllowWide,
    };

    public static AppEntry Entry(App app)
    {
        var streamlit = app.Runtime as AppRuntime.Streamlit;
        var command = app.Runtime as AppRuntime.Command;
        return new AppEntry
        {
            Slug = app.Slug.ToString(),
            Name = app.Name,
            Runtime = streamlit is not null ? "streamlit" : command is not null ? "command" : "demo",
            Script = streamlit?.Script,
            Python = streamlit?.Python,
            Command = command is null ? null : [.. command.Argv],
            Health = command?.Health,
            Instances = app.Instances == InstanceMode.PerUser ? "perUser" : "shared",
            IdleTimeout = app.IdleTimeout is { } idle ? Duration.Format(idle) : null,
            MinRuns = app.MinRuns,
            WarmHours = app.WarmHours.IsAlways ? null : [.. app.WarmHours.Windows.Select(WeekHours.Format)],
            MaxSessions = app.MaxSessions,
            Priority = app.Priority switch { AppPriority.Low => "low", AppPriority.High => "high", _ => null },
            MemorySoft = Mebibytes(app.Memory.Soft),
            MemoryHard = Mebibytes(app.Memory.Hard),
            Hung = app.Hung == HungPolicy.Show ? "show" : null,
            Restart = app.Restart?.Cron,
            RestartZone = app.Restart?.Zone,
            Env = app.Env.Count == 0 ? null : app.Env.ToDictionary(StringComparer.Ordinal),
            Args = app.Args.IsEmpty ? null : [.. app.Args],
        };
    }

    /// <summary>What differs, a text for each member: <c>idleTimeout 30m -&gt; 1h</c>. Values of environment variables are kept out.</summary>
    public static IReadOnlyList<string> Differences<TEntry>(TEntry before, TEntry after)
    {
        var (old, now) = (Node(before), Node(after));
        return
        [
            .. from member in old.Select(pair => pair.Key).Union(now.Select(pair => pair.Key), StringComparer.Ordinal)
               where !JsonNode.DeepEquals(old[member], now[member])
               select member == "env" ? "env changed" : $"{member} {Text(old[member])} -> {Text(now[member])}",
        ];
    }

    /// <summary>An entry for the audit; values of environment variables may be secrets and are kept out.</summary>
    public static string? Audit<TEntry>(TEntry? entry)
        where TEntry : class
    {
        if (entry is null)
        {
            return null;
        }

        var node = Node(entry);
        if (node["env"] is JsonObject env)
        {
            node["env"] = new JsonArray([.. env.Select(pair => (JsonNode)pair.Key)]);
        }

        return node.ToJsonString(Compact);
    }

    /// <summary>Why something was refused, for the audit: the first errors, and not more of a text than can be read.</summary>
    public static string Audit(IReadOnlyList<EntryError> errors) => new JsonObject
    {
        ["errors"] = new JsonArray([.. errors.Take(20).Select(error => error.ToString()).Select(text => (JsonNode)(text.Length > 300 ? text[..300] : text))]),
        ["count"] = errors.Count,
    }.ToJsonString(Compact);

    /// <summary>An instant as files and the API write it.</summary>
    public static string Instant(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

    private static int? Mebibytes(long? bytes) => bytes is { } known ? (int)(known >> 20) : null;

    private static JsonObject Node<TEntry>(TEntry entry) => (JsonObject)JsonSerializer.SerializeToNode(entry, Json)!;

    private static string Text(JsonNode? node) => node switch
    {
        null => "none",
        JsonArray { Count: 0 } => "none",
        JsonArray list => string.Join(' ', list.Select(Text)),
        JsonValue value => value.ToString(),
        _ => node.ToJsonString(),
    };
}
