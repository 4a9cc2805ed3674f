using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StreamHub.Tests.Rules;

public sealed partial class TextRules
{
    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_places()
    {
        var korean = Sources.Files("StreamHub.Server/Resources", ".ko.resx");
        var english = Sources.Files("StreamHub.Server/Resources", ".resx").Except(korean).ToDictionary(file => Path.ChangeExtension(file, ".ko.resx"), Read, StringComparer.Ordinal);
        var wrong = english.Keys.Except(korean).Select(file => $"{Sources.Name(file)} is missing").ToList();
        foreach (var file in korean)
        {
            // Without an English file the keys are the English texts.
            var texts = Read(file);
            wrong.AddRange(Differences(english.GetValueOrDefault(file) ?? texts.Keys.ToDictionary(key => key, StringComparer.Ordinal), texts).Select(difference => $"{Sources.Name(file)}: {difference}"));
        }

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Every_refusal_has_its_words_on_the_audits_page()
    {
        var acts = Sources.Files("StreamHub.Server", ".cs").SelectMany(file => Act().Matches(File.ReadAllText(file))).Select(match => $"{match.Groups[1].Value}.refused");
        var refusals = Enum.GetNames<StreamHub.Domain.Refusals.RefusalReason>().Select(reason => reason == "Device" ? "device.changed" : $"refused.{char.ToLowerInvariant(reason[0])}{reason[1..]}");
        string[] all = [.. acts, .. refusals];
        all.Should().Contain("user.save.refused").And.Contain("refused.ownApp");
        all.Except(Read(Path.Combine(Sources.Root, "StreamHub.Server/Resources/AdminText.resx")).Keys.Select(key => key.Replace("Act_", "", StringComparison.Ordinal))).Should().BeEmpty("AdminText has an Act_ for each");
    }

    [Fact]
    public void A_difference_between_languages_is_found() =>
        Differences(
            new() { ["Same"] = "{0} apps", ["OnlyEnglish"] = "a", ["Lost"] = "{0} of {1}" },
            new() { ["Same"] = "앱 {0}개", ["OnlyKorean"] = "b", ["Lost"] = "{0}", ["Empty"] = "" })
            .Should().Equal("OnlyEnglish is missing", "OnlyKorean is extra", "Empty is extra", "Lost has other places than {0} {1}");

    [Fact]
    public void Pages_load_nothing_from_outside()
    {
        var files = new[] { "wwwroot-assets", "StreamHub.Server" }
            .Where(folder => Directory.Exists(Path.Combine(Sources.Root, folder)))
            .SelectMany(folder => Sources.Files(folder, ".razor", ".razor.css", ".css", ".js", ".html", ".svg"))
            .Distinct()
            .ToArray();
        files.Should().NotBeEmpty();
        files.SelectMany(file => Outside(File.ReadAllText(file)).Select(host => $"{Sources.Name(file)}: {host}")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("<script src=\"https://cdn.example.com/x.js\"></script>", true)]
    [InlineData("@import url(//fonts.example.com/css);", true)]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\">", false)]
    [InlineData("fetch('http://localhost:8080/')", false)]
    [InlineData("// see https://developer.example.com/docs", false)]
    [InlineData("/* https://developer.example.com/docs */", false)]
    [InlineData("@* https://developer.example.com/docs *@", false)]
    public void An_outside_host_is_found_where_it_would_be_loaded(string text, bool found) => Outside(text).Any().Should().Be(found);

    private static IEnumerable<string> Outside(string text) =>
        from Match match in Host().Matches(Comment().Replace(text, ""))
        let host = match.Groups[1].Value
        where host is not ("www.w3.org" or "localhost" or "127.0.0.1")
        select host;

    private static Dictionary<string, string> Read(string file) => XDocument.Load(file).Root!.Elements("data")
        .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);

    private static IEnumerable<string> Differences(Dictionary<string, string> english, Dictionary<string, string> korean) =>
    [
        .. english.Keys.Except(korean.Keys).Select(key => $"{key} is missing"),
        .. korean.Keys.Except(english.Keys).Select(key => $"{key} is extra"),
        .. english.Keys.Intersect(korean.Keys)
            .Where(key => Places(english[key]) != Places(korean[key]))
            .Select(key => $"{key} has other places than {Places(english[key])}"),
        .. english.Keys.Intersect(korean.Keys).Where(key => english[key].Length == 0 || korean[key].Length == 0).Select(key => $"{key} is empty"),
    ];

    private static string Places(string text) => string.Join(' ', Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex(@"act: \(""([a-z.]+)""")]
    private static partial Regex Act();

    [GeneratedRegex(@"\{\d+\}?")]
    private static partial Regex Place();

    [GeneratedRegex("""(?:https?:|(?<=["'(]))//([a-zA-Z0-9][\w.-]*)""")]
    private static partial Regex Host();

    [GeneratedRegex(@"/\*.*?\*/|@\*.*?\*@|<!--.*?-->|(?m:(?<![:""'(\w])//[^\n]*$)", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
