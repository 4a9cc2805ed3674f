using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Server.Audit;
using StreamHub.Server.Audit.Pages;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Tests.Components;

public sealed class AuditTests : AdminPage
{
    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public async Task A_change_is_shown_as_what_went_and_what_came()
    {
        await Hub.AddUserAsync("kim", "user", "10.0.0.7");
        var kim = Hub.Editor.Export().Users.Single(user => user.Name == "kim");
        await Hub.Editor.SaveUserAsync(kim with { Role = "admin", Addresses = ["10.0.0.8"] }, "kim", Session.Actor, CancellationToken.None);
        var page = Show<AuditPage>();
        var row = page.WaitForElement("tbody tr");
        row.TextContent.Should().Contain("root").And.Contain("10.0.0.1").And.Contain("User changed").And.Contain("kim");
        row.QuerySelectorAll("del").Select(item => item.TextContent.Trim()).Should().Equal("user", "10.0.0.7");
        row.QuerySelectorAll("ins").Select(item => item.TextContent.Trim()).Should().Equal("admin", "10.0.0.8");
    }

    [Fact]
    public async Task Refusals_are_shown_with_their_count_and_time()
    {
        await AppendAsync(new AuditRow
        {
            Address = "10.0.0.9", Action = "refused.app", Target = "sales",
            After = """{"count":19,"since":"2026-11-01T00:00:00Z","until":"2026-11-01T00:10:00Z","path":"/app/sales/<b>x"}""",
        });
        var page = Show<AuditPage>();
        page.WaitForElement("tbody tr");
        page.Find("tbody tr td.changes").TextContent.Should().Contain("19 ×").And.Contain("asked for").And.Contain("/app/sales/<b>x").And.NotContain("since");
        page.Find("tbody tr").TextContent.Should().Contain("unregistered visitor").And.Contain("Refused: not their app");
        page.FindAll("b").Should().BeEmpty("what others wrote is text");
    }

    [Fact]
    public async Task What_is_shown_is_in_the_address_and_can_be_cleared()
    {
        Navigation.NavigateTo("/audit?q=zzz&from=2026-11-01");
        var page = Show<AuditPage>();
        page.WaitForElement(".empty").TextContent.Should().Contain("No entry matches");
        page.Find("#audit-text").GetAttribute("value").Should().Be("zzz");
        page.FindAll("a[download]").Select(link => link.GetAttribute("href")).Should().Equal("/api/v1/audit.csv?q=zzz&from=2026-11-01", "/api/v1/audit.json?q=zzz&from=2026-11-01");

        await ClickAsync(page, ".empty button");
        Navigation.Uri.Should().EndWith("/audit");
        page.WaitForElement("tbody tr");

        await page.Find("#audit-target").InputAsync(new() { Value = "root" });
        await page.WaitForAssertionAsync(() => Navigation.Uri.Should().EndWith("/audit?target=root"));
        await page.WaitForAssertionAsync(() => page.FindAll("tbody tr").Should().ContainSingle());
    }

    [Fact]
    public void A_day_that_is_none_is_named()
    {
        Navigation.NavigateTo("/audit?from=yesterday");
        Show<AuditPage>().WaitForElement("[role=alert]").TextContent.Should().Contain("'yesterday' is not a day");
    }

    [Fact]
    public async Task Older_entries_are_a_click_away_and_new_ones_come_by_themselves_on_the_newest_page_only()
    {
        await AppendAsync([.. Enumerable.Range(0, 60).Select(number => new AuditRow { Actor = "kim", Action = "app.start", Target = $"app{number}" })]);
        var page = Show<AuditPage>();
        page.WaitForElement("tbody tr").TextContent.Should().Contain("app59");
        await page.InvokeAsync(() => page.FindAll("p.tools button")[2].ClickAsync(new()));
        await page.WaitForAssertionAsync(() => page.Find("tbody tr").TextContent.Should().Contain("app9"));
        Navigation.Uri.Should().Contain("before=");

        await Hub.AddUserAsync("kim", "user", "10.0.0.7");
        await page.InvokeAsync(() => page.FindAll("p.tools button")[0].ClickAsync(new()));
        await page.WaitForAssertionAsync(() => page.Find("tbody tr").TextContent.Should().Contain("User created"));
        await Hub.AddUserAsync("lee", "user", "10.0.0.8");
        await page.WaitForAssertionAsync(() => page.Find("tbody tr").TextContent.Should().Contain("lee"));
    }

    [Fact]
    public async Task The_chain_is_verified_on_demand_and_what_is_wrong_is_said()
    {
        var page = Show<AuditVerify>();
        await ClickAsync(page, "button");
        await page.WaitForAssertionAsync(() => page.Find("[role=status]").TextContent.Should().Contain("✔ Whole: 3 rows"));
        File.Delete(AuditTrail.AnchorFileIn(Hub.Directory));
        await ClickAsync(page, "button");
        await page.WaitForAssertionAsync(() => page.Find("[role=status]").TextContent.Should().Contain("✖ Not whole: row 1: the file"));
    }

    private Task AppendAsync(params AuditRow[] rows) => Hub.Get<AuditTrail>().AppendAsync(rows, CancellationToken.None);
}
