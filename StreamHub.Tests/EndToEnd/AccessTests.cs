using System.Net;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>Who may come in, seen from a browser: rights that end, pages that are not the hub's, and the admins' view of it.</summary>
public sealed class AccessTests(UsualHub shared) : IClassFixture<UsualHub>
{
    /// <summary>What a page of an app can try with the admins' listener: it runs in the browser of an admin, from the same machine.</summary>
    private const string Attack = """
        async admin => {
          const url = admin + '/api/v1/apps/sales/stop', got = {};
          const attempt = async (name, act) => { try { got[name] = await act(); } catch (error) { got[name] = 'refused'; } };
          const socket = path => new Promise(done => {
            const it = new WebSocket(admin.replace('http', 'ws') + path);
            it.onopen = () => done('OPEN'); it.onerror = () => done('refused');
          });
          const loads = element => new Promise(done => {
            element.onload = () => done('LOADED'); element.onerror = () => done('refused');
            document.body.append(element);
          });
          const make = (tag, more) => Object.assign(document.createElement(tag), more);
          await attempt('fetch', async () => (await fetch(url, { method: 'POST' })).status);
          await attempt('fetch with JSON', async () => (await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).status);
          await attempt('fetch without CORS', async () => (await fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' })).type);
          await attempt('put', async () => (await fetch(admin + '/api/v1/users/evil', { method: 'PUT', body: '{"role":"admin","addresses":["127.0.0.66"]}' })).status);
          await attempt('delete', async () => (await fetch(admin + '/api/v1/users/kim', { method: 'DELETE' })).status);
          await attempt('beacon', async () => navigator.sendBeacon(url, '') ? 'sent' : 'refused');
          await attempt('read', async () => (await fetch(admin + '/api/v1/users')).status);
          await attempt('circuit', () => socket('/_blazor'));
          await attempt('live hub', () => socket('/hubs/live'));
          await attempt('negotiate', async () => (await fetch(admin + '/hubs/live/negotiate?negotiateVersion=1', { method: 'POST' })).status);
          await attempt('script', () => loads(make('script', { src: admin + '/api/v1/users' })));
          await attempt('image', () => loads(make('img', { src: url })));
          await attempt('frame', async () => {
            const frame = make('iframe', { src: admin + '/' });
            await loads(frame);
            try { return frame.contentDocument.body.innerText; } catch { return 'refused'; }
          });
          await attempt('form', async () => {
            const sink = make('iframe', { name: 'sink' });
            const form = make('form', { action: url, method: 'post', target: 'sink', enctype: 'text/plain' });
            document.body.append(sink, form);
            const answered = new Promise(done => sink.addEventListener('load', done));
            form.submit();
            await answered;
            return 'sent';
          });
          return got;
        }
        """;

    [Fact]
    public async Task An_app_that_an_admin_opens_cannot_press_the_admins_buttons()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var app = await sales.Browser.OpenAsync(sales.Hub.UsersOrigin + "/app/sales/");
            await Assertions.Expect(app.GetByText("Count is 0")).ToBeVisibleAsync();

            var got = await app.EvaluateAsync<Dictionary<string, object>>(Attack, sales.Hub.AdminOrigin);

            got.Should().HaveCount(14);
            got.Where(entry => entry.Key is not ("beacon" or "form" or "fetch without CORS")).Should().OnlyContain(entry => "refused".Equals(entry.Value));
            await sales.UntilAsync("sales", row => row.GetProperty("status").GetString() == "running");
            (await sales.GetAsync("/api/v1/users")).Should().Contain("\"kim\"").And.NotContain("evil");
            await Eventually.TrueAsync(async () => (await sales.GetAsync("/api/v1/audit")).Contains("refused.origin", StringComparison.Ordinal));
            (await sales.GetAsync("/api/v1/audit")).Should().NotContain("app.stop");
        });
    }

    [Fact]
    public async Task Whoever_loses_an_app_or_the_admins_role_sees_at_once_why_and_is_out()
    {
        var sales = await shared.GetAsync();
        var lee = await sales.AddUserAsync("lee", "127.0.0.8", "reports");
        await sales.SaveUserAsync("boss", new { role = "admin", addresses = new[] { "127.0.0.6" } });
        await using var boss = new SourceForwarder("127.0.0.6", sales.Hub.AdminPort);
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, _) = await sales.OpenAsync(lee, "reports");
            await sales.SaveUserAsync("lee", new { addresses = new[] { "127.0.0.8" }, apps = Array.Empty<string>() });
            await Assertions.Expect(tab.GetByText("This app is not assigned to you or does not exist.")).ToBeVisibleAsync();
            await Assertions.Expect(tab.Locator("iframe")).ToHaveCountAsync(0);
            await Axe.CheckAsync(tab);

            await sales.SaveUserAsync("lee", new { addresses = new[] { "127.0.0.8" }, apps = new[] { "reports" } });
            var bare = await sales.Browser.OpenAsync(lee.Origin + "/app/reports/");
            await Assertions.Expect(bare.GetByText("Count is 0")).ToBeVisibleAsync();
            await sales.SaveUserAsync("lee", new { addresses = new[] { "127.0.0.8" }, apps = new[] { "reports" }, disabled = true });
            await Assertions.Expect(bare.GetByText("Your access ended while this page was open.")).ToBeVisibleAsync();
            await Axe.CheckAsync(bare);
            await tab.GotoAsync(lee.Origin + "/");
            await Assertions.Expect(tab.GetByText("127.0.0.8")).ToBeVisibleAsync();
            using var socket = new PersonaClient("127.0.0.8");
            using var upgrade = await socket.Http.GetAsync(new Uri(sales.Hub.UsersOrigin + "/app/reports/_stcore/stream"));
            upgrade.StatusCode.Should().Be(HttpStatusCode.Forbidden);

            var dashboard = await sales.Browser.OpenAsync(boss.Origin + "/");
            await Assertions.Expect(dashboard.Locator("html[data-circuit=ready]")).ToHaveCountAsync(1);
            await sales.SaveUserAsync("boss", new { role = "user", addresses = new[] { "127.0.0.6" } });
            await Assertions.Expect(dashboard.GetByText("Your access ended while this page was open.")).ToBeVisibleAsync();
            await Assertions.Expect(dashboard.GetByRole(AriaRole.Table)).ToHaveCountAsync(0);
            await Axe.CheckAsync(dashboard);
        });
    }

    [Fact]
    public async Task The_users_page_warns_of_overlaps_refuses_what_is_no_address_and_says_which_rule_wins()
    {
        var sales = await shared.GetAsync();
        await sales.SaveUserAsync("office", new { addresses = new[] { "10.1.0.0/16", "2001:db8::/48" }, apps = new[] { "sales" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.OpenAdminAsync("/users");
            await page.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await Assertions.Expect(dialog.GetByLabel("Name")).ToBeFocusedAsync();
            await dialog.GetByLabel("Name").FillAsync("han");
            var addresses = dialog.GetByLabel("Addresses");
            await addresses.FillAsync("10.0.0.300");
            await addresses.BlurAsync();
            await Assertions.Expect(dialog.GetByText("'10.0.0.300' is not an address or a CIDR range")).ToBeVisibleAsync();
            await Axe.CheckAsync(page);
            await addresses.FillAsync("10.1.3.0/24\n::ffff:10.1.4.1\n2001:db8::7");
            await addresses.BlurAsync();
            await Assertions.Expect(dialog.GetByText("10.1.3.0/24 of han lies within 10.1.0.0/16 of office: han wins there.")).ToBeVisibleAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
            await page.Locator(".mud-snackbar").GetByRole(AriaRole.Button).ClickAsync();

            foreach (var (asked, winner) in new[] { ("10.1.3.7", "10.1.3.0/24 of han wins"), ("::ffff:10.1.3.7", "10.1.3.0/24 of han wins"), ("10.1.4.1", "10.1.4.1 of han wins"), ("2001:db8::7", "2001:db8::7 of han wins"), ("2001:db8::8", "2001:db8::/48 of office wins") })
            {
                await page.GetByLabel("Test an address").FillAsync(asked);
                await Assertions.Expect(page.GetByText(winner)).ToBeVisibleAsync();
            }

            await Assertions.Expect(page.Locator(".mud-snackbar")).ToHaveCountAsync(0);
            await Axe.CheckAsync(page);
        });
    }
}
