using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Apps.Pages;
using StreamHub.Server.Entries;

namespace StreamHub.Tests.Components;

public sealed class AppDialogTests : AdminPage
{
    private static readonly AppEntry Demo = new() { Slug = "tour", Name = "Tour", Runtime = "demo" };

    [Theory]
    [InlineData("ko", "아이콘", "chart.png", "'chart.png'은(는) 아이콘으로 쓸 수 없습니다. 가능한 값: 이모지 하나 또는 한두 글자")]
    [InlineData("ko", "그룹", "0123456789012345678901234567890123456789012345678901234567890123456789", "제어 문자 없이 한 줄에 64자까지 쓸 수 있습니다. 입력한 글자 수: 70")]
    public async Task A_wrong_label_is_named_at_its_field(string language, string label, string value, string error)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            await OpenAsync();
            await Input(label).ChangeAsync(new() { Value = value });
            Dialogs.WaitForElement(".mud-input-helper-text.mud-input-error").TextContent.Should().Be(error);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public async Task Description_icon_and_group_are_saved()
    {
        await OpenAsync();
        await Input("Description").ChangeAsync(new() { Value = "Orders by day" });
        await Input("Icon").ChangeAsync(new() { Value = "📈" });
        await Input("Group").ChangeAsync(new() { Value = "Finance" });
        await ClickInDialogAsync("Save");

        await Dialogs.WaitForAssertionAsync(() => Dialogs.FindAll(".mud-dialog").Should().BeEmpty());
        Hub.Editor.Export().Apps.Single(app => app.Slug == "tour").Should().BeEquivalentTo(Demo with { Description = "Orders by day", Icon = "📈", Group = "Finance" });
    }

    private IElement Input(string label) => Dialogs.FindAll(".mud-input-control").First(field => field.QuerySelector("label")?.TextContent == label).QuerySelector("input")!;

    private async Task OpenAsync() => await Dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<AppDialog>(
        "", new DialogParameters<AppDialog> { { dialog => dialog.Entry, Demo with { } } }, EntryDialog.Options));
}
