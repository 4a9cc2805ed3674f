using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamHub.Domain.Access;

namespace StreamHub.Server.Entries;

/// <summary>Entries as text: files, stored documents, differences and the audit.</summary>
internal static class EntryWriter
{
    private static readonly JsonSerializerOptions Stored = new(EntryJson.Options) { WriteIndented = false };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(HubFile file) => JsonSerializer.Serialize(file, EntryJson.Options);

    /// <summary>An entry as the database keeps it.</summary>
    public static string Document<TEntry>(TEntry entry) => JsonSerializer.Serialize(entry, Stored);

    /// <summary>Windows of hours; null for any time.</summary>
    public static IList<string>? Texts(WeekHours hours) => hours.IsAlways ? null : [.. hours.Windows.Select(WeekHours.Format)];

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
    public static string Instant(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private static JsonObject Node<TEntry>(TEntry entry) => (JsonObject)JsonSerializer.SerializeToNode(entry, EntryJson.Options)!;

    private static string Text(JsonNode? node) => node switch
    {
        null => "none",
        JsonArray { Count: 0 } => "none",
        JsonArray list => string.Join(' ', list.Select(Text)),
        JsonValue value => value.ToString(),
        _ => node.ToJsonString(),
    };
}
