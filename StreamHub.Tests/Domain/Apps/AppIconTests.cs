using StreamHub.Domain.Apps;

namespace StreamHub.Tests.Domain.Apps;

public sealed class AppIconTests
{
    [Theory]
    [InlineData("📈")]
    [InlineData("❤️")]
    [InlineData("1️⃣")]
    [InlineData("👩🏽‍💻")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("🇰🇷")]
    [InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿")]
    [InlineData("📈📉")]
    [InlineData("A")]
    [InlineData("Ab")]
    [InlineData("매출")]
    [InlineData("é")]
    [InlineData("42")]
    [InlineData("€")]
    [InlineData("?!")]
    [InlineData("<")]
    public void An_emoji_or_one_or_two_characters_are_an_icon(string text) => AppIcon.IsValid(text).Should().BeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("Abc")]
    [InlineData("📈📉📈")]
    [InlineData(":chart:")]
    [InlineData("chart.png")]
    [InlineData("/srv/a.png")]
    [InlineData("A ")]
    [InlineData("A\n")]
    [InlineData("\0")]
    [InlineData("\u200b")]
    [InlineData("\u200d")]
    [InlineData("A\u202e")]
    [InlineData("\u00a0")]
    [InlineData("\ufe0f")]
    [InlineData("\u0301")]
    [InlineData("\ue000")]
    [InlineData("\ud83d")]
    [InlineData("A\ud83d")]
    [InlineData("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301")]
    public void What_cannot_be_seen_or_is_longer_is_none(string text) => AppIcon.IsValid(text).Should().BeFalse();
}
