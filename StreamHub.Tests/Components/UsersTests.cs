using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Bunit;
using MudBlazor;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Resources;
using StreamHub.Server.Users;
using StreamHub.Tests.Rules;

namespace StreamHub.Tests.Components;

public sealed partial class UsersTests : AdminPage
{
    [Fact]
    public async Task A_user_is_disabled_with_one_click_and_enabled_by_undo()
    {
        await Hub.AddUserAsync("kim", "user", "10.0.0.7");
        var snackbars = Render<MudSnackbarProvider>();
        var page = Show<UsersPage>();
        await ClickAsync(page, "button[aria-label='Disable: kim']");
        await page.WaitForAssertionAsync(() => page.Markup.Should().Contain("✖ disabled"));
        Hub.Editor.Export().Users.Single(user => user.Name == "kim").Disabled.Should().BeTrue();

        snackbars.WaitForElement(".mud-snackbar-content-action button");
        await ClickAsync(snackbars, ".mud-snackbar-content-action button");
        await page.WaitForAssertionAsync(() => page.Markup.Should().NotContain("✖ disabled"));
        Hub.Editor.Export().Users.Single(user => user.Name == "kim").Disabled.Should().BeFalse();
    }

    [Fact]
    public async Task Ranges_that_overlap_are_told_with_their_winner()
    {
        await Hub.AddUserAsync("all", "user", "10.0.0.0/24");
        await Hub.AddUserAsync("kim", "user", "10.0.0.7");
        Show<UsersPage>().Find(".s-warn").TextContent.Should().Contain("10.0.0.7 of kim lies within 10.0.0.0/24 of all: kim wins there.");
    }

    [Fact]
    public async Task An_address_is_explained_step_by_step()
    {
        await Hub.AddUserAsync("kim", "user", "10.0.0.7");
        var page = Show<UsersPage>();
        await page.Find("#test-address").InputAsync(new() { Value = "10.0.0.7" });
        page.Find("strong[role=status]").TextContent.Should().Be("✔ Allowed");
        page.FindAll(".steps li").Select(step => step.TextContent).Should().Equal(
            "10.0.0.7 of the user kim holds the address.", "10.0.0.7 of kim wins: it is the only one.", "kim is in force.",
            "The users' pages are open to the address.", "The admin pages are shut for the address.");

        await page.Find("#test-address").InputAsync(new() { Value = "10.0.0.8" });
        page.Find("strong[role=status]").TextContent.Should().Be("✖ Refused");
    }

    [Fact]
    public async Task A_last_day_is_whole_and_a_range_too_wide_takes_a_word()
    {
        var saved = await Hub.Editor.SaveUserAsync(
            new UserEntry { Name = "kim", Addresses = ["10.0.0.0/8"], AllowWide = true, Expires = Format.EndOfDay("2030-03-31", Hub.Get<ConfigurationStore>().Zone) },
            null, Server.FullHub.Actor, Xunit.TestContext.Current.CancellationToken);
        saved.Errors.Should().BeEmpty();
        Show<UsersPage>().Markup.Should().Contain("until 2030-03-31");
    }

    [Fact]
    public void Every_step_of_an_explanation_has_its_text()
    {
        var keys = new ResourceManager(typeof(AdminText)).GetResourceSet(CultureInfo.InvariantCulture, true, false)!
            .Cast<System.Collections.DictionaryEntry>().Select(entry => (string)entry.Key).ToArray();
        var codes = Code().Matches(File.ReadAllText(Sources.Files("StreamHub.Domain/Access", ".cs").Single(file => file.EndsWith("AccessExplanation.cs", StringComparison.Ordinal))))
            .Select(match => match.Groups[1].Value).Distinct().ToArray();
        codes.Should().HaveCountGreaterThan(10);
        codes.Where(code => !keys.Any(key => key == $"Step.{code}" || key.StartsWith($"Step.{code}.", StringComparison.Ordinal))).Should().BeEmpty();
    }

    [GeneratedRegex("<c>((?:range|user|app|listener)\\.[a-zA-Z]+)</c>")]
    private static partial Regex Code();
}
