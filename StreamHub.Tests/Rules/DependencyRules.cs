using System.Text.RegularExpressions;

namespace StreamHub.Tests.Rules;

/// <summary>
/// Which folder of the server may use which. Each folder is a capability with a core and with surfaces: pages, endpoints, commands and
/// its registration. The cores lie in layers; surfaces put cores together.
/// </summary>
public sealed partial class DependencyRules
{
    /// <summary>The cores, lowest layer first: a folder uses those of earlier rows only.</summary>
    private static readonly string[][] Layers =
    [
        ["Platform", "Resources"],
        ["Settings"],
        ["Listeners", "Processes", "Runs", "Entries", "Data"],
        ["Http", "Audit"],
        ["Visits", "Runtimes"],
        ["Configuration"],
        ["Tokens", "Lifetime", "Claim", "Users", "Demo", "Streamlit"],
        ["Access", "Supervision"],
        ["Sessions", "AppGuards", "History", "Telemetry", "Requests", "Limits", "Checks"],
        ["Health", "Apps"],
    ];

    /// <summary>Folders of surfaces alone: what the pages of admins and users, the apps' addresses, the API and the command line share.</summary>
    private static readonly string[] Surfaces = ["AdminPages", "Home", "Gateway", "Api", "Cli"];

    [Fact]
    public void Every_folder_of_the_server_has_its_layer()
    {
        var folders = Sources.Files("StreamHub.Server", ".cs", ".razor").Select(Folder).OfType<string>().Distinct().ToArray();
        folders.Should().BeEquivalentTo([.. Layers.SelectMany(layer => layer), .. Surfaces]);
    }

    [Fact]
    public void A_core_uses_only_what_lies_below_it_and_no_surface()
    {
        var types = Types();
        var uses = 0;
        var wrong = new List<string>();
        foreach (var file in Sources.Files("StreamHub.Server", ".cs").Where(file => !IsSurface(file)))
        {
            foreach (var use in Uses(File.ReadAllText(file), types).Where(use => use.Folder != Folder(file)))
            {
                uses++;
                if (use.IsSurface || Layer(use.Folder) >= Layer(Folder(file)!))
                {
                    wrong.Add($"{Sources.Name(file)} uses {use.Folder}.{use.Name}");
                }
            }
        }

        uses.Should().BeGreaterThan(100, "a rule that looks at nothing holds nothing");
        string.Join('\n', wrong.Distinct()).Should().BeEmpty();
    }

    [Fact]
    public void No_folder_has_more_than_about_twenty_files() =>
        new[] { "StreamHub.Domain", "StreamHub.Server", "StreamHub.Tests" }.SelectMany(static project => Sources.Files(project, ".cs", ".razor"))
            .GroupBy(file => Sources.Name(Path.GetDirectoryName(file)!)).Where(folder => folder.Count() > 25).Select(folder => $"{folder.Key}: {folder.Count()} files").Should().BeEmpty();

    [Theory]
    [InlineData("using StreamHub.Server.Access;\nclass A(Gate gate) { }", true)]
    [InlineData("using StreamHub.Server.Access;\n// See Gate.\nclass A { string Text => \"Gate\"; }", false)]
    [InlineData("using StreamHub.Server.Access;\nclass A { int Count => options.Gate; }", false)]
    [InlineData("class A { object gate = new Server.Access.Gate(); }", true)]
    [InlineData("class A { int Gate { get; } }", false)]
    public void A_use_is_found_in_code(string code, bool found) =>
        Uses(code, [new("Access", "StreamHub.Server.Access", "Gate", IsSurface: false)]).Any().Should().Be(found);

    [Theory]
    [InlineData("StreamHub.Server/Access/Gate.cs", false)]
    [InlineData("StreamHub.Server/Access/AccessApi.cs", true)]
    [InlineData("StreamHub.Server/Tokens/TokenCommands.cs", true)]
    [InlineData("StreamHub.Server/Audit/AuditFeature.cs", true)]
    [InlineData("StreamHub.Server/Claim/ClaimEndpoint.cs", true)]
    [InlineData("StreamHub.Server/Users/UsersPage.razor", true)]
    [InlineData("StreamHub.Server/Apps/Pages/AppsTableOrder.cs", true)]
    [InlineData("StreamHub.Server/Apps/AppControl.cs", false)]
    [InlineData("StreamHub.Server/Home/AppStatus.cs", true)]
    public void A_surface_is_known_by_its_name(string file, bool isSurface) => IsSurface(Path.Combine(Sources.Root, file)).Should().Be(isSurface);

    private static int Layer(string folder) => Array.FindIndex(Layers, layer => layer.Contains(folder));

    private static bool IsSurface(string file) =>
        Folder(file) is not { } folder || Surfaces.Contains(folder) || Sources.Name(file).Contains("/Pages/", StringComparison.Ordinal)
        || file.EndsWith(".razor", StringComparison.Ordinal) || SurfaceName().IsMatch(Path.GetFileName(file));

    private static IEnumerable<ServerType> Uses(string text, IReadOnlyCollection<ServerType> types)
    {
        var imported = Import().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var code = NoCode().Replace(text, "");
        var words = Word().Matches(code).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var full = FullName().Matches(code).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).ToHashSet();
        return types.Where(type => (imported.Contains(type.Namespace) && words.Contains(type.Name)) || full.Contains((type.Folder, type.Name)));
    }

    private static List<ServerType> Types() =>
    [
        .. from file in Sources.Files("StreamHub.Server", ".cs", ".razor")
           let folder = Folder(file)
           where folder is not null && Path.GetFileName(file) != "_Imports.razor"
           select new ServerType(folder, Sources.Name(Path.GetDirectoryName(file)!).Replace('/', '.'), Path.GetFileName(file).Split('.')[0], IsSurface(file)),
    ];

    /// <summary>The server's folder that a file belongs to; null for the root's own files.</summary>
    private static string? Folder(string file) => Sources.Name(file).Split('/') is [_, var folder, _, ..] ? folder : null;

    private sealed record ServerType(string Folder, string Namespace, string Name, bool IsSurface);

    [GeneratedRegex(@"(?:Feature|Api|Endpoints?|Commands?|Page)\.cs$")]
    private static partial Regex SurfaceName();

    [GeneratedRegex(@"^using (?:static )?(StreamHub\.Server\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex("""//.*|"(?:[^"\\\n]|\\.)*"|^using .*$""", RegexOptions.Multiline)]
    private static partial Regex NoCode();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\w.])(?:StreamHub\.)?Server\.([A-Z]\w+)\.(?:\w+\.)*?([A-Z]\w+)")]
    private static partial Regex FullName();
}
