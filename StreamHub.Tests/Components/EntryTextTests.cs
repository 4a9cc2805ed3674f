using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Apps;
using StreamHub.Server.Resources;
using StreamHub.Tests.Rules;

namespace StreamHub.Tests.Components;

public sealed partial class EntryTextTests
{
    private static readonly ResourceManager Texts = new(typeof(EntryText));
    private static readonly string[] SeenByPages = ["ConfigurationDraft.cs", "ConfigurationEditor.cs", "EntryReader.cs", "AppReader.cs", "PathRules.cs", "AppControl.cs"];

    [Fact]
    public void Every_refusal_that_a_page_can_show_is_there_in_Korean()
    {
        var formats =
            from file in Sources.Files("StreamHub.Server", ".cs")
            where SeenByPages.Contains(Path.GetFileName(file))
            from line in File.ReadLines(file)
            where line.Contains("Refuse(", StringComparison.Ordinal) || line.Contains("Forbid(", StringComparison.Ordinal) || line.Contains("new EntryError(", StringComparison.Ordinal)
            let text = Text().Match(line)
            where text.Success
            select Format(text.Groups[1].Value);
        var all = formats.Distinct().ToArray();

        all.Should().HaveCountGreaterThan(25);
        all.Where(format => InKorean(format) is null && !format.StartsWith("means nothing", StringComparison.Ordinal)).Should().BeEmpty("only files are refused for members without meaning");
    }

    [Fact]
    public void What_is_accepted_is_there_in_Korean() =>
        new[] { UserName.Expected, AddressRange.Expected, AppSlug.Expected, Duration.Expected, WeekHours.Expected, AppIcon.Expected, WebOrigin.Expected }.Should().OnlyContain(text => InKorean(text) != null);

    [Theory]
    [InlineData("en", "there is no app 'sales'")]
    [InlineData("ko", "앱 'sales'이(가) 없습니다.")]
    public void Refusals_are_shown_in_the_language_of_the_page(string culture, string expected)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            using var services = new ServiceCollection().AddLogging().AddLocalization().AddSingleton<EntryTexts>().BuildServiceProvider();
            services.GetRequiredService<EntryTexts>().Of($"there is no app '{"sales"}'").Should().Be(expected);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static string? InKorean(string name) => Texts.GetResourceSet(CultureInfo.GetCultureInfo("ko"), createIfNotExists: true, tryParents: false)!.GetString(name);

    private static string Format(string interpolated)
    {
        var next = 0;
        return Hole().Replace(interpolated, _ => $"{{{next++}}}");
    }

    [GeneratedRegex("""\$"([^"]+)"\)*(?:;|,|\)|$)""", RegexOptions.RightToLeft)]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
