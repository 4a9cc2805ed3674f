using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>Apps that go wrong, as their visitor and their admin see it, with a real Streamlit and a real browser.</summary>
public sealed class TroubleTests(TroubledHub shared) : IClassFixture<TroubledHub>
{
    [Fact]
    public async Task A_module_that_is_missing_is_named_to_the_admin_and_put_in_plain_words_for_the_visitor()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/nope/");
            await Assertions.Expect(page.Locator(".failure .exit")).ToHaveTextAsync("The app stopped because of an error in its own code.");
            await Assertions.Expect(page.Locator(".failure .line")).ToHaveTextAsync("ModuleNotFoundError: No module named 'nope'");

            await CapsuleAsync(sales, "nope", "Its own code gave up", "ModuleNotFoundError: No module named 'nope'", "exit code 1");
            var dashboard = await sales.OpenAdminAsync("/?q=nope");
            await Assertions.Expect(dashboard.Locator("tr[data-key=nope]")).ToContainTextAsync("No module named 'nope'");
            await dashboard.GetByRole(AriaRole.Link, new() { Name = "Show what is known of it" }).ClickAsync();
            await Assertions.Expect(dashboard.Locator(".crash").First).ToContainTextAsync("ModuleNotFoundError");
        });
    }

    [Fact]
    public async Task An_abort_in_native_code_is_told_by_its_signal_and_the_stack_of_python()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await OpenAsync(sales, "aborts");
            await sales.SessionsAsync("aborts", 1);
            await page.FrameLocator("iframe").GetByRole(AriaRole.Button, new() { Name = "Abort" }).ClickAsync();
            await Assertions.Expect(page.Locator(".banner")).ToContainTextAsync("The app was restarted");

            await CapsuleAsync(sales, "aborts", "A library or the interpreter gave up", "Fatal Python error: Aborted", "SIGABRT (6)", "troubled.py\", line 10 in <module>", "People who were hit1", "app.created");
        });
    }

    [Fact]
    public async Task An_app_that_takes_more_memory_than_it_may_is_ended_for_that_and_comes_back()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await OpenAsync(sales, "grows");
            await page.FrameLocator("iframe").GetByRole(AriaRole.Button, new() { Name = "Grow" }).ClickAsync();
            await Assertions.Expect(page.Locator(".banner")).ToContainTextAsync("The app was restarted");

            var admin = await CapsuleAsync(sales, "grows", "It took more memory than it may");
            await Assertions.Expect(admin.Locator(".crash figcaption")).ToContainTextAsync("Memory in its last");
            await Assertions.Expect(admin.Locator("td[data-label=Memory]")).ToContainTextAsync("/ 300 MiB");
        });
    }

    [Fact]
    public async Task A_script_that_never_ends_and_sends_nothing_is_shown_and_nothing_is_ended_for_it()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await OpenAsync(sales, "hangs");
            var first = await sales.PidAsync("hangs");
            await page.FrameLocator("iframe").GetByRole(AriaRole.Button, new() { Name = "Hang" }).ClickAsync();

            var admin = await sales.OpenAdminAsync("/?q=hangs");
            await Assertions.Expect(admin.Locator("tr[data-key=hangs]")).ToContainTextAsync("and sends nothing");
            await Assertions.Expect(admin.Locator("tr[data-key=hangs]")).ToContainTextAsync("Running");
            (await sales.PidAsync("hangs")).Should().Be(first);
        });
    }

    [Fact]
    public async Task A_silent_app_that_is_only_to_be_shown_is_shown_to_the_admin_until_it_answers()
    {
        var sales = await shared.GetAsync();
        await sales.SaveAppAsync("sales", new { name = "Sales", runtime = "streamlit", script = SalesHub.Script("sales.py"), hung = "show" });
        await sales.Browser.PlayAsync(async () =>
        {
            await sales.PostAsync("/api/v1/apps/sales/start");
            var pid = await sales.PidAsync("sales");
            await Tool.SignalAsync(pid, "STOP");
            var admin = await sales.Browser.OpenAsync(sales.Hub.AdminOrigin + "/?q=sales", locale: "ko-KR");
            await Assertions.Expect(admin.Locator("tr[data-key=sales]")).ToContainTextAsync("응답 없음");
            await Axe.CheckAsync(admin);

            await Tool.SignalAsync(pid, "CONT");
            await Assertions.Expect(admin.Locator("tr[data-key=sales]")).ToContainTextAsync("실행 중");
            (await sales.PidAsync("sales")).Should().Be(pid);
        });
    }

    [Fact]
    public async Task An_app_that_is_kept_warm_runs_before_its_first_visit_and_again_after_a_crash()
    {
        var sales = await shared.GetAsync();
        var first = await sales.PidAsync("warm");
        (await sales.InstanceAsync("warm")).GetProperty("sessions").GetInt32().Should().Be(0);

        await Tool.SignalAsync(first, "KILL");
        await sales.PidAsync("warm", other: first);
    }

    private static async Task<IPage> OpenAsync(SalesHub sales, string slug)
    {
        var page = await sales.Browser.OpenAsync($"{sales.Kim.Origin}/open/{slug}/");
        await Assertions.Expect(page.FrameLocator("iframe").GetByText("Well")).ToBeVisibleAsync();
        return page;
    }

    /// <summary>Looks at the newest capsule on the app's page.</summary>
    private static async Task<IPage> CapsuleAsync(SalesHub sales, string slug, params string[] words)
    {
        var page = await sales.Browser.OpenAsync($"{sales.Hub.AdminOrigin}/apps/{slug}");
        var crash = page.Locator(".crash").First;
        await Assertions.Expect(crash).ToHaveAttributeAsync("open", "");
        foreach (var word in words)
        {
            await Assertions.Expect(crash).ToContainTextAsync(word);
        }

        await Axe.CheckAsync(page);
        return page;
    }
}
