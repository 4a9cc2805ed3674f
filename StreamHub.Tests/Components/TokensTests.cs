using Bunit;
using MudBlazor;
using StreamHub.Server.Settings;
using StreamHub.Server.Tokens;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.Components;

public sealed class TokensTests : AdminPage
{
    [Fact]
    public async Task A_token_is_made_shown_once_and_listed()
    {
        var page = Show<SettingsPage>();
        page.WaitForElement(".empty").TextContent.Should().Contain("No tokens yet");
        await ClickAsync(page, "button");
        await Dialogs.Find(".mud-dialog input").ChangeAsync(new() { Value = "backup" });
        await ClickInDialogAsync("Create");

        var secret = page.WaitForElement("#secret").GetAttribute("value");
        secret.Should().StartWith("shub_");
        await page.WaitForAssertionAsync(() => page.Find("tbody tr").TextContent.Should().Contain("backup").And.Contain("Read").And.Contain("in force").And.Contain("by root").And.Contain("never"));
        await page.InvokeAsync(() => page.FindAll(".secret button")[^1].ClickAsync(new()));
        page.Markup.Should().NotContain(secret);
        Show<SettingsPage>().Markup.Should().NotContain(secret, "it is shown once");
    }

    [Fact]
    public async Task A_wrong_name_is_refused_at_its_field()
    {
        var page = Show<SettingsPage>();
        await ClickAsync(page, "button");
        await Dialogs.Find(".mud-dialog input").ChangeAsync(new() { Value = "two words" });
        await ClickInDialogAsync("Create");
        Dialogs.WaitForElement(".mud-input-helper-text.mud-input-error").TextContent.Should().Contain("'two words' is not a token's name: 1 to 50 letters");
        (await Hub.Tokens.ListAsync(CancellationToken.None)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_token_is_revoked_after_a_question()
    {
        await Hub.Tokens.CreateAsync(new TokenEntry { Name = "old", Scope = "write" }, FullHub.Actor, CancellationToken.None);
        Render<MudSnackbarProvider>();
        var page = Show<SettingsPage>();
        var click = ClickAsync(page, "button[aria-label='Revoke: old']");
        Dialogs.WaitForElement(".mud-dialog p").TextContent.Should().Contain("old");
        await ClickInDialogAsync("Revoke");
        await click;
        await page.WaitForAssertionAsync(() => page.Find("tbody tr").TextContent.Should().Contain("✖ revoked on"));
        page.FindAll("button[aria-label='Revoke: old']").Should().BeEmpty();
    }
}
