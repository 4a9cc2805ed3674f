using System.Text.RegularExpressions;

namespace StreamHub.Tests.Rules;

/// <summary>Text becomes markup nowhere: what is shown was encoded by Razor or set as text by a script.</summary>
public sealed partial class MarkupRules
{
    [Fact]
    public void Text_is_nowhere_taken_for_markup()
    {
        string[] files = [.. Sources.Files("StreamHub.Server", ".cs", ".razor"), .. Sources.Files("wwwroot-assets", ".js")];
        files.Should().HaveCountGreaterThan(50);
        files.SelectMany(file => Raw().Matches(File.ReadAllText(file)).Select(match => $"{Sources.Name(file)}: {match.Value}")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("@((MarkupString)text)", true)]
    [InlineData("builder.AddMarkupContent(0, text)", true)]
    [InlineData("element.innerHTML = text", true)]
    [InlineData("element.insertAdjacentHTML('beforeend', text)", true)]
    [InlineData("new Function(text)", true)]
    [InlineData("setTimeout('x()')", true)]
    [InlineData("element.textContent = text", false)]
    [InlineData("setTimeout(open, 2000)", false)]
    public void Markup_made_of_text_is_found(string text, bool found) => Raw().IsMatch(text).Should().Be(found);

    [GeneratedRegex(@"MarkupString|AddMarkupContent|Html\.Raw|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|createContextualFragment|srcdoc|set(?:Timeout|Interval)\(\s*['""`]")]
    private static partial Regex Raw();
}
