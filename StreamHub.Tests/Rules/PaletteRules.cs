using System.Text.RegularExpressions;
using MudBlazor;
using MudBlazor.Utilities;
using StreamHub.Server.AdminPages;

namespace StreamHub.Tests.Rules;

/// <summary>Every colour stands in tokens.css, light and dark; MudBlazor's theme repeats those that it needs.</summary>
public sealed partial class PaletteRules
{
    private const string Tokens = "wwwroot-assets/_hub/assets/tokens.css";

    [Fact]
    public void The_admins_theme_has_the_colours_of_the_tokens()
    {
        var colours = Colours();
        Of(AdminTheme.Value.PaletteLight).Should().Equal(Names.Select(name => colours[name].Light));
        Of(AdminTheme.Value.PaletteDark).Should().Equal(Names.Select(name => colours[name].Dark));
    }

    [Fact]
    public void No_other_style_sheet_names_a_colour()
    {
        string[] files = [.. Sources.Files("wwwroot-assets", ".css"), .. Sources.Files("StreamHub.Server", ".razor.css")];
        files.Where(file => Sources.Name(file) != Tokens)
            .SelectMany(file => Hex().Matches(File.ReadAllText(file)).Select(match => $"{Sources.Name(file)}: {match.Value}"))
            .Should().BeEmpty();
    }

    [Fact]
    public void Every_colour_that_is_used_is_a_token()
    {
        var known = Declared().Matches(File.ReadAllText(Path.Combine(Sources.Root, Tokens))).Select(match => match.Groups[1].Value).ToHashSet();
        string[] files = [.. Sources.Files("wwwroot-assets", ".css"), .. Sources.Files("StreamHub.Server", ".razor.css")];
        files.SelectMany(file => Used().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Except(known).Should().BeEmpty();
    }

    private static readonly string[] Names =
        ["--accent", "--accent", "--running", "--warning", "--failed", "--page", "--card", "--text", "--muted"];

    private static IEnumerable<string> Of(Palette palette) =>
        new MudColor[]
        {
            palette.Primary, palette.Info, palette.Success, palette.Warning, palette.Error, palette.Background, palette.Surface, palette.TextPrimary, palette.TextSecondary,
        }.Select(colour => colour.ToString(MudColorOutputFormats.Hex).ToLowerInvariant());

    private static Dictionary<string, (string Light, string Dark)> Colours() =>
        Pair().Matches(File.ReadAllText(Path.Combine(Sources.Root, Tokens)))
            .ToDictionary(match => match.Groups[1].Value, match => (match.Groups[2].Value, match.Groups[3].Value), StringComparer.Ordinal);

    [GeneratedRegex(@"(--[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")]
    private static partial Regex Pair();

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")]
    private static partial Regex Hex();

    [GeneratedRegex(@"^\s*(--[\w-]+):", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"var\((--[\w-]+)\)")]
    private static partial Regex Used();
}
