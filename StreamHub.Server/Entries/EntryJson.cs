using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace StreamHub.Server.Entries;

/// <summary>
/// Entries as JSON. Reading is strict and continues after errors: every unknown member and every value of a wrong type is reported with its path,
/// and the valid rest is read so that its own errors are reported as well.
/// </summary>
internal static class EntryJson
{
    /// <summary>The format of entries for people; reading uses it, too.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // People edit the file, and names may use any script.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Parses a declarative file. Comments and trailing commas are accepted.</summary>
    public static (HubFile File, IReadOnlyList<EntryError> Errors) ReadFile(string json)
    {
        var errors = new List<EntryError>();
        return (Read<HubFile>(json, errors), errors);
    }

    /// <summary>Parses a text with one JSON object.</summary>
    public static T Read<T>(string json, List<EntryError> errors)
        where T : new()
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            return Read<T>(document.RootElement, errors);
        }
        catch (JsonException exception)
        {
            errors.Add(new EntryError($"line {exception.LineNumber + 1}", $"not JSON: {exception.Message}"));
            return new T();
        }
    }

    /// <summary>Reads an object; members with errors keep their defaults.</summary>
    public static T Read<T>(JsonElement element, List<EntryError> errors)
        where T : new() => (T?)Value(element, Options.GetTypeInfo(typeof(T)), "", errors) ?? new T();

    private static object? Value(JsonElement value, JsonTypeInfo type, string path, List<EntryError> errors)
    {
        switch (type.Kind, value.ValueKind)
        {
            case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                return Members(value, type, path, errors);
            case (JsonTypeInfoKind.Dictionary, JsonValueKind.Object):
                var map = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var (name, at, member) in Distinct(value, path, errors))
                {
                    if (Value(member, Options.GetTypeInfo(type.ElementType!), at, errors) is string text)
                    {
                        map.Add(name, text);
                    }
                }

                return map;
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array):
                var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.ElementType!))!;
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    if (Value(item, Options.GetTypeInfo(type.ElementType!), $"{path}[{index}]", errors) is { } read)
                    {
                        list.Add(read);
                    }
                }

                return list;
            case (JsonTypeInfoKind.None, _):
                return Single(value, type, path, errors);
            default:
                var expected = type.Kind switch { JsonTypeInfoKind.Object => "an object", JsonTypeInfoKind.Dictionary => "an object of texts", _ => "a list" };
                errors.Add(new EntryError(path.Length == 0 ? "$" : path, $"{expected} is expected, not {Kind(value)}"));
                return null;
        }
    }

    private static object Members(JsonElement value, JsonTypeInfo type, string path, List<EntryError> errors)
    {
        var entry = type.CreateObject!();
        foreach (var (name, at, member) in Distinct(value, path, errors))
        {
            if (type.Properties.FirstOrDefault(property => property.Name == name) is not { } property)
            {
                errors.Add(new EntryError(at, $"is an unknown key; accepted are {string.Join(", ", type.Properties.Select(known => known.Name))}"));
            }
            else if (member.ValueKind != JsonValueKind.Null && Value(member, Options.GetTypeInfo(property.PropertyType), at, errors) is { } read)
            {
                property.Set!(entry, read);
            }
        }

        return entry;
    }

    private static IEnumerable<(string Name, string Path, JsonElement Value)> Distinct(JsonElement value, string path, List<EntryError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (Text(() => member.Name, path, errors) is not { } name)
            {
                continue;
            }

            var at = EntryReader.Join(path, name);
            if (seen.Add(name))
            {
                yield return (name, at, member.Value);
            }
            else
            {
                errors.Add(new EntryError(at, $"is given twice"));
            }
        }
    }

    private static object? Single(JsonElement value, JsonTypeInfo type, string path, List<EntryError> errors)
    {
        switch (Nullable.GetUnderlyingType(type.Type) ?? type.Type)
        {
            case var text when text == typeof(string) && value.ValueKind == JsonValueKind.String:
                return Text(value.GetString, path, errors);
            case var flag when flag == typeof(bool) && value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case var number when number == typeof(int):
                if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole))
                {
                    return whole;
                }

                errors.Add(new EntryError(path, $"a whole number is expected, not {(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Kind(value))}"));
                return null;
            case var end when end == typeof(DateTimeOffset) && value.ValueKind == JsonValueKind.String:
                if (Text(value.GetString, path, errors) is not { } written)
                {
                    return null;
                }

                if (Instants.TryParse(written, out var instant))
                {
                    return instant;
                }

                errors.Add(new EntryError(path, $"'{written}' is not an instant such as 2030-12-31T18:00:00Z or 2030-12-31T18:00:00+09:00"));
                return null;
            case var other:
                errors.Add(new EntryError(path, $"{(other == typeof(bool) ? "true or false" : "a text")} is expected, not {Kind(value)}"));
                return null;
        }
    }

    private static string? Text(Func<string?> read, string path, List<EntryError> errors)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 is JSON, but no text that can be stored.
            errors.Add(new EntryError(path.Length == 0 ? "$" : path, $"half of a surrogate pair (\\ud800 to \\udfff) is not a character"));
            return null;
        }
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
