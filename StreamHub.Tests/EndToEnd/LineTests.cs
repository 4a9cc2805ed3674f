using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The line for apps that there is no room for, with a real Streamlit and a real browser.</summary>
public sealed class LineTests(CrowdedHub shared) : IClassFixture<CrowdedHub>
{
    [Fact]
    public async Task Visitors_for_whose_apps_there_is_no_room_wait_in_line_and_come_in_by_themselves()
    {
        var sales = await shared.GetAsync();
        var (one, two, three) = (await sales.AddUserAsync("one", "127.0.0.31", "first"), await sales.AddUserAsync("two", "127.0.0.32", "second"), await sales.AddUserAsync("three", "127.0.0.33", "third"));
        await sales.Browser.PlayAsync(async () =>
        {
            await sales.OpenAsync(one, "first");
            var second = await sales.Browser.OpenAsync(two.Origin + "/app/second/");
            await Assertions.Expect(second.Locator(".queue")).ToContainTextAsync("Number 1 in line");
            var third = await sales.Browser.OpenAsync(three.Origin + "/app/third/");
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("Number 2 in line");
            await third.ReloadAsync();
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("Number 2 in line");
            await Axe.CheckAsync(third);

            await sales.PostAsync("/api/v1/apps/first/stop");
            await Assertions.Expect(second.GetByText("Count is 0")).ToBeVisibleAsync();
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("Number 1 in line");
            await sales.PostAsync("/api/v1/apps/second/stop");
            await Assertions.Expect(third.GetByText("Count is 0")).ToBeVisibleAsync();
            await sales.PostAsync("/api/v1/apps/third/stop");
        });
    }

    [Fact]
    public async Task A_page_that_waits_goes_on_by_itself_over_the_death_of_the_hub()
    {
        var sales = await shared.GetAsync();
        var (four, five) = (await sales.AddUserAsync("four", "127.0.0.34", "fourth"), await sales.AddUserAsync("five", "127.0.0.35", "fifth"));
        await sales.Browser.PlayAsync(async () =>
        {
            await sales.OpenAsync(four, "fourth");
            var fifth = await sales.Browser.OpenAsync(five.Origin + "/app/fifth/");
            await Assertions.Expect(fifth.Locator(".queue")).ToContainTextAsync("Number 1 in line");

            await sales.Hub.KillAsync();
            await sales.Hub.RestartAsync();

            await sales.PidAsync("fourth");
            await sales.PostAsync("/api/v1/apps/fourth/stop");
            await Assertions.Expect(fifth.GetByText("Count is 0")).ToBeVisibleAsync();
            await sales.PostAsync("/api/v1/apps/fifth/stop");
        });
    }
}
