using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StreamHub.Server.Audit;

/// <summary>The difference of one member in an audit entry.</summary>
/// <param name="Member">Its name, such as <c>addresses</c>.</param>
/// <param name="Gone">Removed values.</param>
/// <param name="New">Added values.</param>
internal sealed record AuditChange(string Member, IReadOnlyList<string> Gone, IReadOnlyList<string> New)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The differing members; lists are compared item by item. Text that is not a JSON object counts as one member without a name.
    /// </summary>
    /// <param name="before">The entry before, as JSON; null when it was created.</param>
    public static IReadOnlyList<AuditChange> Between(string? before, string? after)
    {
        var (old, now) = (Members(before), Members(after));
        return
        [
            .. from member in old.Keys.Union(now.Keys, StringComparer.Ordinal)
               let gone = old.GetValueOrDefault(member, [])
               let come = now.GetValueOrDefault(member, [])
               where !gone.SequenceEqual(come, StringComparer.Ordinal)
               let change = new AuditChange(member, [.. gone.Except(come, StringComparer.Ordinal)], [.. come.Except(gone, StringComparer.Ordinal)])

               // The same items in another order or with other repetitions.
               select change is { Gone.Count: 0, New.Count: 0 } ? new AuditChange(member, gone, come) : change,
        ];
    }

    public override string ToString() => $"{Member} {Words(Gone)} -> {Words(New)}";

    private static string Words(IReadOnlyList<string> items) => items.Count == 0 ? "none" : string.Join(' ', items);

    private static Dictionary<string, string[]> Members(string? json)
    {
        if (json is null)
        {
            return [];
        }

        try
        {
            if (JsonNode.Parse(json) is JsonObject entry)
            {
                return entry.ToDictionary(pair => pair.Key, pair => Items(pair.Value), StringComparer.Ordinal);
            }
        }
        catch (JsonException)
        {
            // Not JSON: shown unchanged, because an audit hides nothing.
        }

        return new Dictionary<string, string[]>(StringComparer.Ordinal) { [""] = [json] };
    }

    private static string[] Items(JsonNode? value) => value switch
    {
        null => [],
        JsonArray list => [.. list.Select(Text)],
        JsonObject map => [.. map.Select(pair => $"{pair.Key}: {Text(pair.Value)}")],
        _ => [Text(value)],
    };

    private static string Text(JsonNode? node) => node is JsonValue ? node.ToString() : node?.ToJsonString(Json) ?? "null";
}
