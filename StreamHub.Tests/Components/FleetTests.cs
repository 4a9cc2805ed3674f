using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Apps.Pages;
using StreamHub.Server.Platform;
using StreamHub.Server.Sessions;
using StreamHub.Server.Telemetry.Pages;
using StreamHub.Server.Users;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.Components;

public sealed class FleetTests : AdminPage
{
    [Fact]
    public async Task A_row_is_drawn_anew_only_when_its_own_values_change()
    {
        View.Set(Snapshot(1, Row("a"), Row("b")), TimeSpan.Zero);
        var fleet = Show<AppsTable>();
        var rows = fleet.FindComponents<InstanceRow>();
        var before = rows.Select(row => row.RenderCount).ToArray();
        var table = fleet.RenderCount;

        await fleet.InvokeAsync(() => View.Set(Snapshot(2, Row("a"), Row("b", cpu: 12.5)), TimeSpan.Zero));

        rows[0].RenderCount.Should().Be(before[0]);
        rows[1].RenderCount.Should().Be(before[1] + 1);
        rows[1].Markup.Should().Contain((12.5).ToString("F1", CultureInfo.CurrentCulture));
        fleet.FindAll("tbody tr").Should().HaveCount(2);
        table.Should().BePositive();
    }

    [Fact]
    public void The_memory_cell_shows_what_may_be_taken_and_when_that_will_be()
    {
        var full = new DateTimeOffset(2030, 1, 7, 14, 20, 0, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2030, 1, 7)));
        View.Set(Snapshot(1, Row("a") with { MemoryLimit = 300 << 20, MemoryFullAt = full }, Row("b")), TimeSpan.Zero);

        var cells = Show<AppsTable>().FindAll("td[data-label=Memory]");

        cells[0].TextContent.Should().Be($"5 / 300 MiB▲ Full at {full.LocalDateTime.ToString("t", CultureInfo.CurrentCulture)}");
        cells[1].TextContent.Should().Be("5 MiB");
    }

    [Fact]
    public async Task Before_the_first_snapshot_there_is_a_skeleton_and_without_apps_an_invitation()
    {
        var fleet = Show<AppsTable>();
        fleet.Find("[role=status]").GetAttribute("aria-label").Should().Be("Loading");

        await fleet.InvokeAsync(() => View.Set(Snapshot(1), TimeSpan.Zero));

        fleet.Find(".empty").TextContent.Should().Contain("No apps yet");
    }

    [Fact]
    public void A_filter_without_a_match_says_so_and_can_be_cleared()
    {
        View.Set(Snapshot(1, Row("a")), TimeSpan.Zero);
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo("/?q=zzz");
        var fleet = Show<AppsTable>();
        fleet.Find(".empty").TextContent.Should().Contain("No app matches");
        fleet.Find(".count").TextContent.Should().Be("0 of 1");
    }

    [Fact]
    public async Task Old_values_are_dimmed()
    {
        View.Set(Snapshot(1, Row("a")), TimeSpan.Zero);
        var fleet = Show<AppsTable>();
        fleet.FindAll("table.aging").Should().BeEmpty();
        await fleet.InvokeAsync(() => View.Set(View.Snapshot, LiveView.Fresh + TimeSpan.FromSeconds(1)));
        fleet.FindAll("table.aging").Should().ContainSingle();
    }

    [Fact]
    public void Buttons_name_their_instance_and_those_without_effect_are_off()
    {
        View.Set(Snapshot(1, Row("a"), Row("b", status: InstanceStatus.Held)), TimeSpan.Zero);
        var fleet = Show<AppsTable>();
        fleet.Find("button[aria-label='Start: a']").HasAttribute("disabled").Should().BeTrue("it runs");
        fleet.Find("button[aria-label='Restart: a']").HasAttribute("disabled").Should().BeFalse();
        fleet.Find("button[aria-label='Stop: b']").HasAttribute("disabled").Should().BeTrue("it is held");
        fleet.Find("button[aria-label='Start: b']").HasAttribute("disabled").Should().BeFalse();
    }

    [Fact]
    public async Task Stopping_names_the_people_who_would_be_hit()
    {
        var sales = new InstanceKey(AppSlug.Parse("sales"));
        var run = await NoEffects.ReadyAsync(Hub.Supervisor, sales, 18500);
        using var session = Hub.Get<SessionTable>().Open(sales, run, UserName.Parse("kim"), ClientAddress.Parse("10.0.0.7"));
        View.Set(Snapshot(1, Row("sales")), TimeSpan.Zero);
        var fleet = Show<AppsTable>();

        var stop = ClickAsync(fleet, "button[aria-label='Stop: sales']");
        Dialogs.WaitForElement(".mud-dialog li").TextContent.Should().Contain("kim (10.0.0.7)");
        await ClickInDialogAsync("Cancel");
        await stop;

        Hub.Supervisor.State.Find(sales)!.Status.Should().Be(InstanceStatus.Running, "cancelled is nothing done");
    }

    [Fact]
    public void People_are_shown_with_how_long_they_have_been_there_and_have_done_nothing()
    {
        var now = Hub.Get<SteadyClock>().Now;
        AppSession person = new(new InstanceKey(AppSlug.Parse("sales")), new RunId(1), UserName.Parse("kim"), ClientAddress.Parse("10.0.0.7"), now.AddHours(-2), now.AddMinutes(-3));

        var people = Show<PeopleList>(parameters => parameters.Add(list => list.People, [person]));

        people.Find("li").TextContent.Should().MatchRegex(@"^kim \(10\.0\.0\.7\), since .+ \(02:00:0\d\), idle for 00:03:0\d$");
    }

    [Fact]
    public async Task A_page_stays_in_its_own_language_when_somebody_else_changes_something()
    {
        var before = CultureInfo.CurrentUICulture;
        IRenderedComponent<UsersPage> users;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ko");
            users = Show<UsersPage>();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }

        await Hub.AddUserAsync("kim", "user", "10.0.0.7");

        await users.WaitForAssertionAsync(() => users.Markup.Should().Contain("10.0.0.7"));
        users.Find("h1").TextContent.Should().Be("사용자");
    }

    [Fact]
    public void In_Korean_it_speaks_Korean()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ko");
            View.Set(Snapshot(1, Row("a")), TimeSpan.Zero);
            var fleet = Show<AppsTable>();
            fleet.Find("h1").TextContent.Should().Be("앱");
            fleet.Find("button[aria-label='재시작: a']").TextContent.Should().Contain("재시작");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
