using Bunit;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Apps.Pages;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.Components;

public sealed class AppDetailTests : AdminPage
{
    [Fact]
    public async Task The_history_comes_by_itself_with_who_and_why()
    {
        View.Set(Snapshot(1, Row("sales")), TimeSpan.Zero);
        var page = Show<AppDetail>(parameters => parameters.Add(detail => detail.Slug, "sales"));
        page.WaitForElement(".hint");
        var key = new InstanceKey(AppSlug.Parse("sales"));

        await NoEffects.ReadyAsync(Hub.Supervisor, key, 18500);
        await Hub.Control.RestartAsync(key, drain: false, "new figures", Session.Actor, CancellationToken.None);

        await page.WaitForAssertionAsync(
            () =>
            {
                page.Markup.Should().Contain("Stopped → Starting").And.Contain("Visitor");
                page.Markup.Should().Contain("Running → Restarting").And.Contain("root").And.Contain("Restarted by an admin: new figures");
            });
        page.Find("a[download]").GetAttribute("href").Should().Be("/api/v1/apps/sales/history.csv");
    }
}
