using System.Text.RegularExpressions;

namespace StreamHub.Tests.Rules;

/// <summary>Which folder of the server may use which: the directions that ARCHITECTURE.md names.</summary>
public sealed partial class DependencyRules
{
    /// <summary>Folder → what it may use: <c>Folder</c> for all of it, <c>Folder.Type</c> for single types. Not listed: everything (the root and Cli put the parts together).</summary>
    private static readonly Dictionary<string, string[]> May = new(StringComparer.Ordinal)
    {
        ["Hosting"] = [],
        ["Data"] = ["Hosting"],
        ["Access"] = ["Data", "Hosting"],
        ["Instances"] = ["Data", "Hosting"],
        ["Proxy"] =
        [
            "Access", "Instances", "Data.ConfigurationStore", "Data.HubConfiguration", "Hosting",
            "Components.UserPages", "Components.UserPagesFeature", "Components.AppCard", "Components.AppStatus",
        ],
        ["Telemetry"] = ["Instances", "Hosting", "Proxy.SessionTable"],
        ["Admin"] = ["Access", "Instances", "Data", "Proxy.SessionTable", "Telemetry", "Hosting"],
        ["Demo"] = ["Hosting"],
        ["Components"] = ["Telemetry", "Admin", "Hosting", "Access", "Data.AccessRequestState", "Data.DatabaseHealth", "Data.DatabaseFault", "Data.DatabaseFaultKind"],
        [Texts] = [],
    };

    /// <summary>Texts are anybody's.</summary>
    private const string Texts = "Resources";

    private static readonly string[] Free = ["Cli"];

    [Fact]
    public void Every_folder_of_the_server_has_its_place_in_the_table()
    {
        var folders = Sources.Files("StreamHub.Server", ".cs", ".razor").Select(Folder).OfType<string>().Distinct().ToArray();
        folders.Should().HaveCountGreaterThan(5);
        folders.Except(May.Keys).Except(Free).Should().BeEmpty();
    }

    [Fact]
    public void Folders_use_only_what_lies_in_their_direction()
    {
        var typesOf = TypesByNamespace();
        var looked = 0;
        var wrong = new List<string>();
        foreach (var file in Sources.Files("StreamHub.Server", ".cs", ".razor"))
        {
            if (Folder(file) is not { } folder || Free.Contains(folder))
            {
                continue;
            }

            foreach (var use in Uses(File.ReadAllText(file), typesOf).Where(use => use.Folder != folder && use.Folder != Texts))
            {
                looked++;
                if (!Allowed(folder, use))
                {
                    wrong.Add($"{Sources.Name(file)} uses {use.Folder}.{use.Type ?? "*"}");
                }
            }
        }

        looked.Should().BePositive("a rule that looks at nothing holds nothing");
        string.Join('\n', wrong.Distinct()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("Data", "Admin", "AdminActions", false)]
    [InlineData("Telemetry", "Proxy", "SessionTable", true)]
    [InlineData("Telemetry", "Proxy", "Forwarder", false)]
    [InlineData("Components", "Data", "ConfigurationStore", false)]
    [InlineData("Admin", "Data", null, true)]
    public void The_table_is_read_so(string from, string folder, string? type, bool allowed) =>
        Allowed(from, (folder, type)).Should().Be(allowed);

    [Fact]
    public void A_use_is_found_in_code()
    {
        var types = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["StreamHub.Server.Proxy"] = ["SessionTable", "Forwarder"] };
        Uses("using StreamHub.Server.Proxy;\nclass A(Forwarder f) { }", types).Should().Equal(("Proxy", "Forwarder"));
        Uses("@using StreamHub.Server.Proxy\n@inject SessionTable Table", types).Should().Equal(("Proxy", "SessionTable"));
        Uses("class A(Server.Proxy.Forwarder f) { StreamHub.Server.Proxy.Forwarder g; }", types).Should().Contain(("Proxy", "Forwarder"));
    }

    private static bool Allowed(string from, (string Folder, string? Type) use) =>
        May[from].Contains(use.Folder) || May[from].Contains($"{use.Folder}.{use.Type}");

    private static IEnumerable<(string Folder, string? Type)> Uses(string text, Dictionary<string, string[]> typesOf)
    {
        foreach (Match import in Import().Matches(text))
        {
            var named = import.Groups[1].Value;
            var folder = named.Split('.')[2];

            // An import that is not made use of is unnecessary, but breaks no direction.
            foreach (var type in typesOf.GetValueOrDefault(named, []).Where(type => Regex.IsMatch(text, $@"\b{type}\b")))
            {
                yield return (folder, type);
            }
        }

        foreach (Match full in FullName().Matches(text))
        {
            yield return (full.Groups[1].Value, full.Groups[2].Value.Split('.')[^1]);
        }
    }

    private static Dictionary<string, string[]> TypesByNamespace() => Sources.Files("StreamHub.Server", ".cs")
        .Select(file => (Namespace: Sources.Name(Path.GetDirectoryName(file)!).Replace('/', '.'), Type: Path.GetFileNameWithoutExtension(file).Split('.')[0]))
        .GroupBy(file => file.Namespace, file => file.Type)
        .ToDictionary(group => group.Key, group => group.Distinct().ToArray(), StringComparer.Ordinal);

    /// <summary>The server's folder that a file belongs to; null for the root's own files.</summary>
    private static string? Folder(string file) => Sources.Name(file).Split('/') is [_, var folder, _, ..] ? folder : null;

    [GeneratedRegex(@"^\s*@?(?:global )?using (?:static )?(StreamHub\.Server\.[\w.]+);?\s*$", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"(?<!using |namespace |using static |[\w.])(?:StreamHub\.)?Server\.([A-Z]\w+)\.((?:\w+\.)*[A-Z]\w+)")]
    private static partial Regex FullName();
}
