using System.Text.Json;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary>Compares what a script observed alone and through the hub.</summary>
internal static class Observation
{
    private static readonly string[] OfTheConnection = ["Host", "Origin", "Sec-WebSocket-Key"];

    /// <summary>The differences, each as <c>where what: alone → through the hub</c>, without the accepted ones.</summary>
    /// <param name="programs">The folder of the program <c>streamlit</c>, which that adds to sys.path.</param>
    public static IEnumerable<string> Differences(JsonElement alone, JsonElement hub, AcceptedDifferences accepted, string programs) =>
        from pair in Flat(alone, "").Join(Flat(hub, ""), programs)
        where pair.Alone != pair.Hub && !IsAccepted(pair.Name, accepted)
        select $"{pair.Name}: {pair.Alone ?? "nothing"} → {pair.Hub ?? "nothing"}";

    /// <summary>The options that have another value under the hub than the docs say.</summary>
    public static IEnumerable<string> Misstated(JsonElement options, AcceptedDifferences accepted, string slug) =>
        from option in accepted.Options
        where option.Value is not null && options.TryGetProperty(option.Key, out _)
        let value = options.GetProperty(option.Key)
        let text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()
        where text != option.Value.Replace("{slug}", slug, StringComparison.Ordinal)
        select $"{option.Key}: {text}, not {option.Value}";

    private static bool IsAccepted((string Place, string Name) what, AcceptedDifferences accepted) =>
        what.Place == "options" ? accepted.Options.ContainsKey(what.Name)
        : what.Place == "headers" ? OfTheConnection.Contains(what.Name, StringComparer.OrdinalIgnoreCase) || accepted.Names.Contains(what.Name)
        : accepted.Names.Contains(what.Name) || accepted.Names.Contains($"st.{what.Place}.{what.Name}");

    /// <summary>Every value with its place (<c>options</c>, <c>spawn environ</c>) and name; a list is one value.</summary>
    private static Dictionary<(string Place, string Name), JsonElement> Flat(JsonElement value, string place)
    {
        var flat = new Dictionary<(string, string), JsonElement>();
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && (place.Length == 0 || member.Name is "environ" or "sys.flags"))
            {
                foreach (var (name, inner) in Flat(member.Value, $"{place} {member.Name}".Trim()))
                {
                    flat[name] = inner;
                }
            }
            else
            {
                flat[(place, member.Name)] = member.Value;
            }
        }

        return flat;
    }

    private static IEnumerable<((string Place, string Name) Name, string? Alone, string? Hub)> Join(
        this Dictionary<(string Place, string Name), JsonElement> alone, Dictionary<(string Place, string Name), JsonElement> hub, string programs) =>
        from name in alone.Keys.Union(hub.Keys)
        let first = Text(alone, name)
        let second = Text(hub, name)

        // The one accepted difference of sys.path is that folder; any other has another name.
        let without = name.Name == "sys.path" && first is not null ? first.Replace($"\"{programs}\",", "", StringComparison.Ordinal) : first
        select (without == first || without == second ? name : (name.Place, "another sys.path"), first, second);

    private static string? Text(Dictionary<(string Place, string Name), JsonElement> values, (string, string) name) =>
        values.TryGetValue(name, out var value) ? JsonSerializer.Serialize(value) : null;
}
