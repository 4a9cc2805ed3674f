using System.Net;
using System.Net.Http.Headers;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Claim;
using StreamHub.Server.Entries;
using StreamHub.Server.Tokens;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>T15: with known browsers an admin's address alone opens nothing of the admins' door, and at the users' one what is assigned.</summary>
public sealed class AdminBrowserTests : IAsyncLifetime
{
    private const string Boss = "127.0.0.2";
    private const string Other = "127.0.0.3";

    private FullHub hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync(null, "AdminBrowsers=known");
        await hub.AddUserAsync("boss", "admin", Boss);
        await hub.AddUserAsync("other", "admin", Other);
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Whoever_has_an_admins_address_next_stays_outside_and_is_told_what_a_browser_needs()
    {
        var known = await ClaimAsync(Boss);
        foreach (var path in (string[])["/", "/users", "/api/v1/users", "/openapi/v1.json", "/hubs/live", "/_blazor", "/readyz"])
        {
            (await AskAsync(Boss, path)).Status.Should().Be(HttpStatusCode.Forbidden, path);
        }

        (await AskAsync(Boss, "/", known)).Status.Should().Be(HttpStatusCode.OK);
        (await AskAsync(Boss, "/api/v1/users", known)).Status.Should().Be(HttpStatusCode.OK);
        (await AskAsync(Boss, "/api/v1/users")).Body.Should().Contain("open a new admin link in it (StreamHub.Server link)");
        var page = await AskAsync(Boss, "/", null, "text/html");
        page.Body.Should().Contain("this browser has not been used by them").And.Contain("<code>StreamHub.Server link</code>").And.NotContain("boss");
        (await hub.RefusalsAsync("refused.browser")).Should().NotBeEmpty().And.OnlyContain(row => row.Actor == "boss" && row.Address == Boss);
    }

    [Fact]
    public async Task A_note_opens_nothing_but_its_own_admins_door_from_their_address()
    {
        var (boss, other) = (await ClaimAsync(Boss), await ClaimAsync(Other));
        using var home = await GetAsync(hub.Users, Boss, "/", boss, "text/html");
        var device = Cookie(home, DeviceCookie.Name).Split('=', 2)[1];
        foreach (var (from, note) in (IEnumerable<(string, string)>)
        [
            (Boss, other), (Other, boss), ("127.0.0.9", boss), (Boss, $"{AdminBrowsers.Name}={device}"), (Boss, $"{AdminBrowsers.Name}=x"), (Boss, boss[..^4] + "AAAA"), (Boss, boss.Replace(AdminBrowsers.Name, DeviceCookie.Name, StringComparison.Ordinal)),
        ])
        {
            (await AskAsync(from, "/api/v1/users", note)).Status.Should().Be(HttpStatusCode.Forbidden);
        }

        // The name goes to another person, and with it the address.
        (await hub.Editor.RemoveUserAsync("boss", FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        await hub.AddUserAsync("boss", "admin", Boss);
        (await AskAsync(Boss, "/api/v1/users", boss)).Status.Should().Be(HttpStatusCode.Forbidden);
        (await AskAsync(Boss, "/api/v1/users", await ClaimAsync(Boss))).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task At_the_users_door_whoever_has_an_admins_address_next_is_a_user()
    {
        await hub.AddAppAsync("sales");
        await hub.RunAsync(new InstanceKey(AppSlug.Parse("demo")));
        var boss = new UserEntry { Name = "boss", Role = "admin", Addresses = [Boss], Apps = ["demo"] };
        await SaveAsync(boss);
        var known = await ClaimAsync(Boss);

        (await HomeAsync(known)).Should().Contain("/open/demo/").And.Contain("/open/sales/").And.NotContain("not known as an admin");
        (await HomeAsync(null)).Should().Contain("/open/demo/").And.NotContain("/open/sales/").And.Contain("not known as an admin").And.Contain(hub.Admin.ToString());
        foreach (var (path, status) in new[] { ("/open/sales/", HttpStatusCode.Forbidden), ("/app/sales/", HttpStatusCode.Forbidden), ("/app/demo/", HttpStatusCode.OK) })
        {
            using var answer = await GetAsync(hub.Users, Boss, path, null, "text/html");
            answer.StatusCode.Should().Be(status, path);
            answer.Headers.Contains("Set-Cookie").Should().BeFalse("who it is is not known");
            (await answer.Content.ReadAsStringAsync(Cancellation)).Should().NotContain("/_hub/request", "an admin has nobody to ask");
        }

        // What it has open goes by the same: another change does nothing to it, and this one ends it.
        using var socket = await AppSockets.OpenAsync(Boss, hub.Users, "app/demo/live");
        await SaveAsync(boss with { Addresses = [Boss, "127.0.0.12"] });
        await AppSockets.GoesOnAsync(socket);
        await SaveAsync(boss with { Apps = [] });
        await AppSockets.EndsAsync(socket, FullHub.Patience);
        (await hub.RefusalsAsync("refused.browser")).Should().NotBeEmpty().And.OnlyContain(row => row.Actor == "boss" && row.Address == Boss);
    }

    [Fact]
    public async Task A_script_presents_a_token_and_needs_no_browser()
    {
        var (result, secret) = await hub.Tokens.CreateAsync(new TokenEntry { Name = "script", Scope = "read" }, FullHub.Actor, Cancellation);
        result.Errors.Should().BeEmpty();
        using var persona = new PersonaClient(Boss);
        persona.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        (await persona.Http.GetAsync(new Uri(hub.Admin, "/api/v1/users"), Cancellation)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_is_nobody_is_told_where_requests_are_taken()
    {
        var (status, page) = await AskAsync("127.0.0.9", "/", null, "text/html");
        status.Should().Be(HttpStatusCode.Forbidden);
        page.Should().Contain($"<a href=\"{hub.Users}\">{hub.Users}</a>").And.NotContain("/_hub/request", "here they are not");
    }

    [Fact]
    public async Task By_default_the_address_is_enough()
    {
        await using var usual = await FullHub.StartAsync();
        await usual.AddUserAsync("boss", "admin", Boss);
        using var answer = await GetAsync(usual.Admin, Boss, "/api/v1/users", null, "*/*");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private async Task SaveAsync(UserEntry entry) =>
        (await hub.Editor.SaveUserAsync(entry, entry.Name, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();

    private async Task<string> HomeAsync(string? cookie)
    {
        using var answer = await GetAsync(hub.Users, Boss, "/", cookie, "text/html");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<string> ClaimAsync(string from)
    {
        var token = await hub.Get<ClaimTokens>().CreateAsync(Actor.Console, Cancellation);
        using var persona = new PersonaClient(from);
        using var answer = await persona.ClaimAsync(ClaimTokens.Link($"{hub.Admin}".TrimEnd('/'), token));
        answer.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        return Cookie(answer, AdminBrowsers.Name);
    }

    private static string Cookie(HttpResponseMessage answer, string name)
    {
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith(name + "=", StringComparison.Ordinal));
        cookie.Should().Contain("httponly").And.Contain("samesite=lax");
        return cookie.Split(';')[0];
    }

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(string from, string path, string? cookie = null, string accept = "*/*")
    {
        using var answer = await GetAsync(hub.Admin, from, path, cookie, accept);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<HttpResponseMessage> GetAsync(Uri listener, string from, string path, string? cookie, string accept)
    {
        using var persona = new PersonaClient(from);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(listener, path)) { Headers = { { "Accept", accept } } };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return await persona.Http.SendAsync(request, Cancellation);
    }
}
