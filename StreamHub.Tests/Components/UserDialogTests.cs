using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using StreamHub.Domain.Access;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Entries;
using StreamHub.Server.Users;

namespace StreamHub.Tests.Components;

public sealed class UserDialogTests : AdminPage
{
    [Fact]
    public async Task A_wrong_address_is_named_at_its_field_and_nothing_is_saved()
    {
        await OpenAsync(new UserEntry { Name = "kim", Role = "user" });

        await Dialogs.Find("textarea").ChangeAsync(new() { Value = "10.0.0.300" });
        Dialogs.WaitForElement(".mud-input-helper-text.mud-input-error").TextContent.Should().Contain("10.0.0.300");
        Dialogs.FindAll(".mud-input-error.mud-input-helper-text").Should().ContainSingle("only what was touched complains");
        await ClickInDialogAsync("Save");

        Hub.Editor.Export().Users.Should().NotContain(user => user.Name == "kim");
        Dialogs.FindAll(".mud-dialog").Should().ContainSingle("what was typed is still there");
    }

    [Fact]
    public async Task A_refusal_is_said_in_the_visitors_language()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ko");
            await OpenAsync(new UserEntry { Name = "kim", Role = "user" });
            await Dialogs.Find("textarea").ChangeAsync(new() { Value = "10.0.0.300" });
            Dialogs.WaitForElement(".mud-input-helper-text.mud-input-error").TextContent.Should().Be("'10.0.0.300'은(는) 사용할 수 없습니다. 가능한 값: IP 주소 또는 CIDR 범위");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public async Task A_right_entry_is_saved_and_the_dialog_closes()
    {
        await OpenAsync(new UserEntry { Name = "kim", Role = "user" });
        await Dialogs.Find("textarea").ChangeAsync(new() { Value = "10.0.0.7\n10.1.0.0/24" });
        await ClickInDialogAsync("Save");

        await Dialogs.WaitForAssertionAsync(() => Dialogs.FindAll(".mud-dialog").Should().BeEmpty());
        Hub.Editor.Export().Users.Single(user => user.Name == "kim").Addresses.Should().Equal("10.0.0.7", "10.1.0.0/24");
    }

    [Fact]
    public async Task Changes_are_discarded_only_at_the_second_press()
    {
        await OpenAsync(new UserEntry { Name = "kim", Role = "user" });
        await Dialogs.Find("textarea").ChangeAsync(new() { Value = "10.0.0.7" });

        await ClickInDialogAsync("Cancel");
        Dialogs.Find(".asking").TextContent.Should().Contain("not saved");
        await ClickInDialogAsync("Discard");

        await Dialogs.WaitForAssertionAsync(() => Dialogs.FindAll(".mud-dialog").Should().BeEmpty());
    }

    [Fact]
    public async Task Who_is_no_admin_any_more_loses_the_page_and_saves_nothing()
    {
        var guard = Show<Guard>(parameters => parameters.AddChildContent("<p>inside</p>"));
        guard.Markup.Should().Contain("inside");
        await Hub.AddUserAsync("second", "admin", "10.0.0.2");

        (await Hub.Editor.RemoveUserAsync("root", Server.FullHub.Actor, Xunit.TestContext.Current.CancellationToken)).Errors.Should().BeEmpty();

        await guard.WaitForAssertionAsync(() => guard.Markup.Should().NotContain("inside").And.Contain("removed"));
        var result = await Session.RunAsync(actor => Hub.Editor.RemoveUserAsync("second", actor, Xunit.TestContext.Current.CancellationToken));
        result.Succeeded.Should().BeFalse();
    }

    private async Task OpenAsync(UserEntry entry) => await Dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<UserDialog>(
        "", new DialogParameters<UserDialog> { { dialog => dialog.Entry, entry } }, EntryDialog.Options));
}
