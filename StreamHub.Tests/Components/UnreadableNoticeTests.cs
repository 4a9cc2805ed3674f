using Bunit;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Apps;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Components;

public sealed class UnreadableNoticeTests : AdminPage
{
    [Fact]
    public async Task Admins_are_told_which_app_and_user_cannot_be_read_and_why_and_can_remove_the_app()
    {
        Show<UnreadableNotice>().Markup.Trim().Should().BeEmpty();
        await Hub.AddUserAsync("kim", "user", "10.0.0.2");
        var configuration = Hub.Get<ConfigurationStore>();
        await using (var db = await Hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync())
        {
            await db.Apps.Where(row => row.Slug == "sales").ExecuteUpdateAsync(rows => rows.SetProperty(row => row.Entry, """{"slug":"sales","name":"Sales","runtime":"demo","colour":"red"}"""));
            await db.Users.Where(row => row.Name == "kim").ExecuteUpdateAsync(rows => rows.SetProperty(row => row.Entry, "torn"));
        }

        await Eventually.TrueAsync(() => configuration.Current.Unreadable.Length == 2);
        var notice = Show<UnreadableNotice>();

        var alerts = notice.FindAll("[role=alert]");
        alerts.Single(alert => alert.TextContent.Contains("Unreadable app: sales", StringComparison.Ordinal)).QuerySelector("code")!.TextContent.Should().Contain("colour: is an unknown key");
        alerts.Single(alert => alert.TextContent.Contains("Unreadable user: kim", StringComparison.Ordinal)).QuerySelectorAll("button").Should().BeEmpty("a user is saved or removed where the users are");

        var removing = ClickAsync(notice, "button");
        await Dialogs.InvokeAsync(() => Dialogs.Find(".mud-dialog input").Input("sales"));
        await ClickInDialogAsync("Remove");
        await removing;

        await notice.WaitForAssertionAsync(() => notice.FindAll("[role=alert]").Should().ContainSingle().Which.TextContent.Should().Contain("kim"));
        configuration.Current.FindApp(AppSlug.Parse("sales")).Should().BeNull();
    }
}
