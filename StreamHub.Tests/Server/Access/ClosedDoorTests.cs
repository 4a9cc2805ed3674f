using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Audit;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;
using StreamHub.Server.Tokens;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>T36, F21 to F24: whatever becomes of the database, nobody comes in by it, and nobody who works is thrown out at once.</summary>
public sealed class ClosedDoorTests : IAsyncLifetime
{
    private const string Unregistered = "127.0.0.9";
    private const string Kim = "127.0.0.7";
    private const string Boss = "127.0.0.2";

    private FullHub hub = null!;
    private string secret = "";

    public ValueTask InitializeAsync() => StartAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    public static TheoryData<string, DatabaseFaultKind> Unreadable => new()
    {
        { "removed", DatabaseFaultKind.Missing },
        { "cut", DatabaseFaultKind.Damaged },
        { "emptied", DatabaseFaultKind.Damaged },
        { "overwritten", DatabaseFaultKind.Damaged },
        { "noise", DatabaseFaultKind.Damaged },
        { "replaced", DatabaseFaultKind.Damaged },
        { "locked", DatabaseFaultKind.Locked },
        { "another schema", DatabaseFaultKind.Failing },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_database_that_cannot_be_read_lets_nobody_new_in_and_recovers_by_itself(string fault, DatabaseFaultKind kind)
    {
        using var works = await AppSockets.OpenAsync(Kim, hub.Users, "app/demo/live");
        await using (await Breakage.BeginAsync(fault, DatabaseFile))
        {
            await HealthAsync(health => health.Reading?.Kind == kind);
            await ProbeAsync();
            (await works.ReceiveAsync(new byte[4096], Cancellation)).MessageType.Should().Be(WebSocketMessageType.Text, "what is open stays open");

            // What admins change is refused with words, and so is what visitors ask for.
            var change = async () => await hub.Editor.SaveUserAsync(new UserEntry { Name = "new", Addresses = [Unregistered] }, null, FullHub.Actor, Cancellation);
            await change.Should().ThrowAsync<SqliteException>();
            var (status, body) = await AskAsync(Boss, HttpMethod.Put, new Uri(hub.Admin, "api/v1/users/new"), $$"""{"name":"new","addresses":["{{Unregistered}}"]}""");
            (status, body.Contains("The database cannot be used at the moment. Nothing was changed.", StringComparison.Ordinal)).Should().Be((HttpStatusCode.ServiceUnavailable, true), body);
            (status, body) = await AskAsync(Boss, HttpMethod.Get, new Uri(hub.Admin, "readyz"));
            status.Should().Be(HttpStatusCode.ServiceUnavailable);
            body.Should().StartWith("the database cannot be read since ").And.Contain($"({kind})");
        }

        await HealthAsync(health => health.Reading is null);
        (await AskAsync(Unregistered, HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.Forbidden, "it is known again that they may not");
        (await AskAsync(Boss, HttpMethod.Get, new Uri(hub.Admin, "readyz"))).Status.Should().Be(HttpStatusCode.OK);
        (await hub.Editor.SaveUserAsync(new UserEntry { Name = "new", Addresses = [Unregistered] }, null, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        (await AskAsync(Unregistered, HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.OK);
        (await hub.Get<AuditTrail>().VerifyAsync(Cancellation)).Fault.Should().BeNull("nothing that was written is lost");
    }

    [Fact]
    public async Task The_last_good_policy_ends_with_its_time_for_everybody_and_everything_that_is_open()
    {
        await hub.DisposeAsync();
        await StartAsync("LastGoodPolicy=8s");
        using var app = await AppSockets.OpenAsync(Kim, hub.Users, "app/demo/live");
        using var live = await AppSockets.OpenAsync(Boss, hub.Admin, "hubs/live");
        await using (await Breakage.BeginAsync("removed", DatabaseFile))
        {
            await HealthAsync(health => health.Reading is not null);
            (await AskAsync(Kim, HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.OK);
            await EndsAsync(app);
            await EndsAsync(live);
            foreach (var (from, listener) in new[] { (Kim, hub.Users), (Boss, hub.Users), (Boss, hub.Admin), (Unregistered, hub.Users), (Unregistered, hub.Admin) })
            {
                var (status, body) = await AskAsync(from, HttpMethod.Get, listener, accept: "text/html");
                status.Should().Be(HttpStatusCode.ServiceUnavailable, $"{from} asks {listener}");
                body.Should().Contain("lets nobody in any more");
            }
        }

        await HealthAsync(health => health.Reading is null);
        (await AskAsync(Kim, HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ends_and_hours_hold_on_the_last_good_policy()
    {
        var end = hub.Get<StreamHub.Server.Platform.SteadyClock>().Now.AddSeconds(8);
        (await hub.Editor.SaveUserAsync(new UserEntry { Name = "lee", Addresses = ["127.0.0.8"], Apps = ["demo"], Expires = end }, null, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        using var app = await AppSockets.OpenAsync("127.0.0.8", hub.Users, "app/demo/live");
        await using (await Breakage.BeginAsync("removed", DatabaseFile))
        {
            await HealthAsync(health => health.Reading is not null);
            await EndsAsync(app);
            (await AskAsync("127.0.0.8", HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await AskAsync(Kim, HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_writer_that_holds_the_database_locks_out_changes_and_nobody_else()
    {
        await using (await Breakage.BeginAsync("write lock", DatabaseFile))
        {
            var change = async () => await hub.Editor.SaveUserAsync(new UserEntry { Name = "new", Addresses = ["127.0.0.10"] }, null, FullHub.Actor, Cancellation);
            (await change.Should().ThrowAsync<SqliteException>()).Which.SqliteErrorCode.Should().Be(5);
            hub.Get<DatabaseHealth>().Writing!.Kind.Should().Be(DatabaseFaultKind.Locked);
            hub.Get<DatabaseHealth>().Reading.Should().BeNull();
            (await AskAsync(Kim, HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.OK);
            (await AskAsync(Unregistered, HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.Forbidden, "who may come in is known");
            (await AskAsync(Boss, HttpMethod.Get, new Uri(hub.Admin, "readyz"))).Body.Should().StartWith("the database cannot be written since ");
        }

        await HealthAsync(health => health.Writing is null);
        (await hub.Editor.SaveUserAsync(new UserEntry { Name = "new", Addresses = ["127.0.0.10"] }, null, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_refuses_changes_and_nobody()
    {
        await using (await Breakage.BeginAsync("read-only", DatabaseFile))
        {
            await Eventually.TrueAsync(async () =>
            {
                var change = async () => await hub.Editor.SaveUserAsync(new UserEntry { Name = "new", Addresses = ["127.0.0.10"] }, null, FullHub.Actor, Cancellation);
                try
                {
                    await change();
                }
                catch (Exception refused) when (refused is SqliteException or DbUpdateException)
                {
                    return (refused.InnerException ?? refused) is SqliteException { SqliteErrorCode: 8 } && hub.Get<DatabaseHealth>().Writing?.Kind == DatabaseFaultKind.ReadOnly;
                }

                // A connection of before the fault may still write, and with that undoes it.
                await Breakage.BeginAsync("read-only", DatabaseFile);
                return false;
            });
            hub.Get<DatabaseHealth>().Reading.Should().BeNull();
            (await AskAsync(Unregistered, HttpMethod.Get, hub.Users)).Status.Should().Be(HttpStatusCode.Forbidden);
        }

        await HealthAsync(health => health.Writing is null);
    }

    [Fact]
    public async Task A_hub_does_not_start_on_a_damaged_database_and_says_what_to_do()
    {
        var directory = TestDirectory.Create();
        await (await FullHub.StartAsync(directory)).DisposeAsync();
        var file = HubDatabase.FileIn(directory);
        await using (await Breakage.BeginAsync("noise", file))
        {
            var starting = async () => await FullHub.StartAsync(directory);
            (await starting.Should().ThrowAsync<DataDirectoryException>()).Which.Message.Should().StartWith($"The database {file} is damaged (").And.Contain("Restore the newest intact copy");
        }

        await (await FullHub.StartAsync(directory)).DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string DatabaseFile => HubDatabase.FileIn(hub.Directory);

    private async ValueTask StartAsync(params string[] settings)
    {
        hub = await FullHub.StartAsync(null, settings);
        await hub.AddUserAsync("boss", "admin", Boss);
        await hub.AddUserAsync("kim", "user", Kim, "demo");
        secret = (await hub.Tokens.CreateAsync(new TokenEntry { Name = "script", Scope = "read" }, FullHub.Actor, Cancellation)).Secret!;
        await hub.RunAsync(new InstanceKey(AppSlug.Parse("demo")));
    }

    private async Task HealthAsync(Func<DatabaseHealth, bool> condition)
    {
        var health = hub.Get<DatabaseHealth>();
        try
        {
            await Eventually.TrueAsync(() => condition(health));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The hub takes the database to be: {health.Reading?.ToString() ?? "readable"}, {health.Writing?.ToString() ?? "writable"}.", exception);
        }
    }

    /// <summary>Everything, as everybody.</summary>
    private async Task ProbeAsync()
    {
        string[] paths =
        [
            "", "app/demo/", "app/demo/x", "open/demo/", "_hub/apps", "_hub/apps/demo/status", "_hub/request", "nothing", "users", "api/v1/users", "api/v1/audit", "hubs/live", "hubs/live/negotiate", "_blazor",
            "_blazor/negotiate", "_framework/blazor.web.js", "claim?token=x", "openapi/v1.json", "readyz", "APP/demo/", "_hub/assets", "healthz/",
        ];
        var wrong = new List<string>();
        foreach (var (from, listener) in new[] { (Unregistered, hub.Users), (Unregistered, hub.Admin), ("127.0.0.1", hub.Users), (Kim, hub.Admin) })
        {
            foreach (var path in paths)
            {
                foreach (var (method, accept, upgrade) in new[] { ("GET", "text/html", false), ("GET", "*/*", false), ("POST", "*/*", false), ("DELETE", "*/*", false), ("GET", "*/*", true) })
                {
                    var (status, body) = await AskAsync(from, new HttpMethod(method), new Uri(listener, path), method == "POST" ? "{}" : null, accept, upgrade);
                    // What is open to all is refused for other reasons, too.
                    var isRefused = path is "_hub/request" or "claim?token=x" ? (int)status >= 300 : status == HttpStatusCode.ServiceUnavailable;
                    if (!isRefused || (status == HttpStatusCode.ServiceUnavailable && accept == "text/html" && !body.Contains("class=\"card\"", StringComparison.Ordinal)))
                    {
                        wrong.Add($"{from} {method} {(upgrade ? "upgrade " : "")}{listener}{path} got {status} {body}");
                    }
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
        foreach (var (from, address) in new[]
        {
            (Kim, hub.Users), (Kim, new Uri(hub.Users, "app/demo/")), (Kim, new Uri(hub.Users, "open/demo/")), (Boss, hub.Users), (Boss, hub.Admin), (Boss, new Uri(hub.Admin, "api/v1/apps")), (Boss, new Uri(hub.Admin, "users")),
        })
        {
            var (status, body) = await AskAsync(from, HttpMethod.Get, address, accept: "text/html");
            status.Should().Be(HttpStatusCode.OK, $"{from} was let in before, and asks for {address}: {{0}}", body);
        }

        // A script goes by its token, wherever it comes from.
        foreach (var (token, expected) in new[] { (secret, HttpStatusCode.OK), ("shub_nobody", HttpStatusCode.ServiceUnavailable) })
        {
            using var script = new PersonaClient(Unregistered);
            script.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            (await script.Http.GetAsync(new Uri(hub.Admin, "api/v1/users"), Cancellation)).StatusCode.Should().Be(expected);
        }

        using var more = await AppSockets.OpenAsync(Kim, hub.Users, "app/demo/live");
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(
        string from, HttpMethod method, Uri address, string? json = null, string accept = "*/*", bool upgrade = false)
    {
        using var person = new PersonaClient(from);
        using var request = new HttpRequestMessage(method, address) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd(accept);
        if (upgrade)
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.ParseAdd("websocket");
            request.Headers.Add("Sec-WebSocket-Version", "13");
            request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
            request.Headers.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        }

        using var answer = await person.Http.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static Task EndsAsync(ClientWebSocket socket) => AppSockets.EndsAsync(socket, FullHub.Patience);
}
