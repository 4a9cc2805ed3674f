using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamHub.Domain.Access;

namespace StreamHub.Server.Entries;

/// <summary>Entries as text for files, stored documents, differences and the audit.</summary>
internal static class EntryWriter
{
    private static readonly JsonSerializerOptions Stored = new(EntryJson.Options) { WriteIndented = false };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(HubFile file) => JsonSerializer.Serialize(file, EntryJson.Options);

    /// <summary>The stored document of an entry.</summary>
    public static string Document<TEntry>(TEntry entry) => JsonSerializer.Serialize(entry, Stored);

    /// <summary>Windows of hours as text; null for no restriction.</summary>
    public static IList<string>? Texts(WeekHours hours) => hours.IsAlways ? null : [.. hours.Windows.Select(WeekHours.Format)];

    /// <summary>A line for each changed member: <c>idleTimeout 30m -&gt; 1h</c>. Values of environment variables are omitted.</summary>
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

    /// <summary>An entry for the audit, without the values of environment variables, which may be secrets.</summary>
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

    /// <summary>The reasons of a refusal for the audit: the first errors, each with limited length.</summary>
    public static string Audit(IReadOnlyList<EntryError> errors) => new JsonObject
    {
        ["errors"] = new JsonArray([.. errors.Take(20).Select(error => error.ToString()).Select(text => (JsonNode)(text.Length > 300 ? text[..300] : text))]),
        ["count"] = errors.Count,
    }.ToJsonString(Compact);

    /// <summary>An instant in the format of files and the API.</summary>
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
