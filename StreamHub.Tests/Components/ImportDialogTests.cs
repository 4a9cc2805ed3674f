using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Users.Import;

namespace StreamHub.Tests.Components;

public sealed class ImportDialogTests : AdminPage
{
    [Fact]
    public async Task A_file_is_shown_first_and_imported_when_asked()
    {
        await OpenAsync();
        Import().HasAttribute("disabled").Should().BeTrue("there is no file");
        Choose("name,addresses\nkim,10.0.0.7\n");
        Dialogs.WaitForElement(".mud-dialog ul.lines li").TextContent.Should().Be("User created: kim");
        Hub.Editor.Export().Users.Should().NotContain(user => user.Name == "kim");

        await ClickInDialogAsync("Import");
        await Dialogs.WaitForAssertionAsync(() => Dialogs.FindAll(".mud-dialog").Should().BeEmpty());
        Hub.Editor.Export().Users.Should().Contain(user => user.Name == "kim");
    }

    [Fact]
    public async Task What_would_change_is_said_in_the_pages_language()
    {
        await Hub.AddUserAsync("kim", "user", "10.0.0.7");
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ko");
        try
        {
            await OpenAsync();
            Choose("name,addresses\nkim,10.0.0.8\n");
            var line = Dialogs.WaitForElement(".mud-dialog ul.lines li");
            line.TextContent.Should().StartWith("사용자 변경: kim").And.NotContain("addresses");
            line.QuerySelector("ins")!.TextContent.Should().Be("10.0.0.8");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public async Task Errors_are_shown_with_row_and_column_and_nothing_can_be_imported()
    {
        await OpenAsync();
        Choose("name,addresses\nkim,10.0.0.7\nlee,nowhere\n");
        var cells = Dialogs.WaitForElements(".mud-dialog tbody td");
        cells.Select(cell => cell.TextContent).Should().Equal("3", "addresses", "'nowhere' is not an address or a CIDR range");
        Import().HasAttribute("disabled").Should().BeTrue();
    }

    [Fact]
    public async Task A_large_file_is_not_even_read()
    {
        await OpenAsync();
        Choose(new string('x', UserTable.LargestFile + 1));
        Dialogs.WaitForElement(".mud-dialog .s-fail").TextContent.Should().Contain("larger than 1 MB");
    }

    [Fact]
    public async Task A_file_that_changes_nothing_says_so()
    {
        await OpenAsync();
        Choose("name\nroot\n");
        await Dialogs.WaitForAssertionAsync(() => Dialogs.Find(".mud-dialog").TextContent.Should().Contain("Everything is so already"));
        Import().HasAttribute("disabled").Should().BeTrue();
    }

    private AngleSharp.Dom.IElement Import() => Dialogs.FindAll(".mud-dialog-actions button")[^1];

    private void Choose(string text) => Dialogs.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(text, "users.csv"));

    private async Task OpenAsync() => await Dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<ImportDialog>("", EntryDialog.Options));
}
