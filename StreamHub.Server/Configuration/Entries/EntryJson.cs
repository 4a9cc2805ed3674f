using System.Text.Json;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Requests;
using StreamHub.Server.Tokens;

namespace StreamHub.Server.Configuration.Entries;

/// <summary>
/// Reads entries from JSON strictly: every unknown member and every value of a wrong type is reported with its path,
/// and what can be read is read all the same, so that its own errors are reported too.
/// </summary>
internal static class EntryJson
{
    /// <summary>Reads a declarative file. Comments and trailing commas are accepted.</summary>
    public static (HubFile File, IReadOnlyList<EntryError> Errors) ReadFile(string json)
    {
        var errors = new List<EntryError>();
        var file = new HubFile();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            var reader = new ObjectReader(document.RootElement, "", errors);
            file.Users = [.. reader.Items("users").Select(item => ReadUser(item.Value, item.Path, errors))];
            file.Apps = [.. reader.Items("apps").Select(item => ReadApp(item.Value, item.Path, errors))];
            reader.End();
        }
        catch (JsonException exception)
        {
            errors.Add(new EntryError($"line {exception.LineNumber + 1}", $"not JSON: {exception.Message}"));
        }

        return (file, errors);
    }

    public static UserEntry ReadUser(JsonElement element, string path, List<EntryError> errors)
    {
        var reader = new ObjectReader(element, path, errors);
        var entry = new UserEntry
        {
            Name = reader.Text("name") ?? "",
            Role = reader.Text("role") ?? "user",
            Addresses = reader.Texts("addresses") ?? [],
            Apps = reader.Texts("apps") ?? [],
            Expires = reader.Instant("expires"),
            Disabled = reader.Flag("disabled"),
            Hours = reader.Texts("hours"),
            AllowWide = reader.Flag("allowWide"),
        };
        reader.End();
        return entry;
    }

    public static TokenEntry ReadToken(JsonElement element, string path, List<EntryError> errors)
    {
        var reader = new ObjectReader(element, path, errors);
        var entry = new TokenEntry { Name = reader.Text("name") ?? "", Scope = reader.Text("scope") ?? "", Expires = reader.Instant("expires") };
        reader.End();
        return entry;
    }

    public static Approval ReadApproval(JsonElement element, List<EntryError> errors)
    {
        var reader = new ObjectReader(element, "", errors);
        var approval = new Approval
        {
            User = reader.Text("user"),
            NewUser = reader.Text("newUser"),
            Role = reader.Text("role"),
            Apps = reader.Texts("apps") ?? [],
            Expires = reader.Instant("expires"),
            Replaces = reader.Text("replaces"),
        };
        reader.End();
        return approval;
    }

    public static AppEntry ReadApp(JsonElement element, string path, List<EntryError> errors)
    {
        var reader = new ObjectReader(element, path, errors);
        var entry = new AppEntry
        {
            Slug = reader.Text("slug") ?? "",
            Name = reader.Text("name") ?? "",
            Runtime = reader.Text("runtime") ?? "streamlit",
            Script = reader.Text("script"),
            Python = reader.Text("python"),
            Command = reader.Texts("command"),
            Health = reader.Text("health"),
            Instances = reader.Text("instances") ?? "shared",
            IdleTimeout = reader.Text("idleTimeout"),
            MinRuns = reader.Number("minRuns") ?? 0,
            WarmHours = reader.Texts("warmHours"),
            MaxSessions = reader.Number("maxSessions"),
            Priority = reader.Text("priority"),
            MemorySoft = reader.Number("memorySoft"),
            MemoryHard = reader.Number("memoryHard"),
            Hung = reader.Text("hung"),
            Restart = reader.Text("restart"),
            RestartZone = reader.Text("restartZone"),
            Env = reader.Map("env"),
            Args = reader.Texts("args"),
        };
        reader.End();
        return entry;
    }

    private sealed class ObjectReader
    {
        private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        private readonly List<string> known = [];
        private readonly string path;
        private readonly List<EntryError> errors;

        public ObjectReader(JsonElement element, string path, List<EntryError> errors)
        {
            this.path = path;
            this.errors = errors;
            if (element.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new EntryError(path.Length == 0 ? "$" : path, $"an object is expected, not {Kind(element)}"));
                return;
            }

            foreach (var member in element.EnumerateObject())
            {
                if (!members.TryAdd(member.Name, member.Value))
                {
                    errors.Add(new EntryError(PathOf(member.Name), $"is given twice"));
                }
            }
        }

        public string? Text(string name) => Take(name) is { } value ? TextOf(value, PathOf(name)) : null;

        public List<string>? Texts(string name) =>
            Take(name) is null ? null : [.. Items(name).Select(item => TextOf(item.Value, item.Path)).OfType<string>()];

        public Dictionary<string, string>? Map(string name)
        {
            if (Take(name) is not { } value)
            {
                return null;
            }

            if (value.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new EntryError(PathOf(name), $"an object of texts is expected, not {Kind(value)}"));
                return null;
            }

            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in value.EnumerateObject())
            {
                var at = $"{PathOf(name)}.{member.Name}";
                if (TextOf(member.Value, at) is { } text && !map.TryAdd(member.Name, text))
                {
                    errors.Add(new EntryError(at, $"is given twice"));
                }
            }

            return map;
        }

        public bool Flag(string name)
        {
            if (Take(name) is not { } value)
            {
                return false;
            }

            if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                return value.GetBoolean();
            }

            errors.Add(new EntryError(PathOf(name), $"true or false is expected, not {Kind(value)}"));
            return false;
        }

        public int? Number(string name)
        {
            if (Take(name) is not { } value)
            {
                return null;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
            {
                return number;
            }

            errors.Add(new EntryError(PathOf(name), $"a whole number is expected, not {(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Kind(value))}"));
            return null;
        }

        public DateTimeOffset? Instant(string name)
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            // Without an offset the text would mean another instant on another machine.
            var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
            if (hasOffset && members[name].TryGetDateTimeOffset(out var instant))
            {
                return instant;
            }

            errors.Add(new EntryError(PathOf(name), $"'{text}' is not an instant such as 2030-12-31T18:00:00Z or 2030-12-31T18:00:00+09:00"));
            return null;
        }

        public IEnumerable<(JsonElement Value, string Path)> Items(string name)
        {
            if (Take(name) is not { } value)
            {
                return [];
            }

            if (value.ValueKind == JsonValueKind.Array)
            {
                return value.EnumerateArray().Select((item, index) => (item, $"{PathOf(name)}[{index}]"));
            }

            errors.Add(new EntryError(PathOf(name), $"a list is expected, not {Kind(value)}"));
            return [];
        }

        public void End()
        {
            foreach (var name in members.Keys.Except(known, StringComparer.Ordinal))
            {
                var accepted = string.Join(", ", known.Distinct(StringComparer.Ordinal));
                errors.Add(new EntryError(PathOf(name), $"is not known here; accepted are {accepted}"));
            }
        }

        private JsonElement? Take(string name)
        {
            known.Add(name);
            return members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }

        private string? TextOf(JsonElement value, string at)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }

            errors.Add(new EntryError(at, $"a text is expected, not {Kind(value)}"));
            return null;
        }

        private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

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
}
