using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Tokens;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>Scripts at addresses that are nobody's, with bearer tokens.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private const string Somewhere = "127.0.0.9";

    private FullHub hub = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync();
        await hub.AddUserAsync("boss", "admin", "127.0.0.2");
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task A_token_made_by_the_api_acts_from_any_address_under_its_own_name()
    {
        using var boss = new PersonaClient("127.0.0.2");
        using var made = await boss.Http.PostAsJsonAsync(At("/api/v1/tokens"), new { name = "backup", scope = "write", expires = "2099-01-01T00:00:00Z" });
        var secret = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        secret.Should().MatchRegex("^shub_[A-Za-z0-9_-]{43}$");

        using var kim = JsonContent.Create(new { addresses = new[] { "10.0.0.7" } });
        (await AskAsync("PUT", "/api/v1/users/kim", secret, content: kim)).Status.Should().Be(HttpStatusCode.OK);
        (await AskAsync("GET", "/api/v1/users", secret)).Body.Should().Contain("kim");
        (await AskAsync("GET", "/openapi/v1.json", secret)).Status.Should().Be(HttpStatusCode.OK);
        (await AuditAsync("user.created"))[^1].Should().Match<AuditRow>(row => row.Actor == "token:backup" && row.Address == Somewhere && row.Target == "kim");
        (await AuditAsync("token.created")).Single().Should().Match<AuditRow>(row => row.Actor == "boss" && row.Address == "127.0.0.2" && row.Target == "backup");

        var listed = await boss.Http.GetStringAsync(At("/api/v1/tokens"));
        listed.Should().Contain("\"backup\"").And.NotContain(secret).And.NotContain(BearerToken.Hash(secret));
        foreach (var file in Directory.GetFiles(hub.Directory, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            (await reader.ReadToEndAsync()).Should().NotContain(secret, "the secret is written nowhere: {0}", file);
        }
    }

    [Theory]
    [InlineData("""{ "name": "a b", "scope": "read" }""", "name")]
    [InlineData("""{ "name": "taken", "scope": "read" }""", "name")]
    [InlineData("""{ "name": "a", "scope": "admin" }""", "scope")]
    [InlineData("""{ "name": "a" }""", "scope")]
    [InlineData("""{ "name": "a", "scope": "read", "expires": "2020-01-01T00:00:00Z" }""", "expires")]
    [InlineData("""{ "name": "a", "scope": "read", "more": 1 }""", "more")]
    public async Task What_cannot_be_made_is_named_and_audited(string body, string field)
    {
        await CreateAsync("taken", "read");
        using var boss = new PersonaClient("127.0.0.2");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await boss.Http.PostAsync(At("/api/v1/tokens"), content);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
        (await hub.Tokens.ListAsync(default)).Select(token => token.Name).Should().Equal("taken");
    }

    [Fact]
    public async Task A_token_makes_and_revokes_no_tokens_and_a_read_one_changes_nothing()
    {
        var (read, write) = (await CreateAsync("reader", "read"), await CreateAsync("writer", "write"));
        using var body = JsonContent.Create(new { name = "mine", scope = "write" });
        (await AskAsync("POST", "/api/v1/tokens", write, content: body)).Status.Should().Be(HttpStatusCode.Forbidden);
        (await AskAsync("DELETE", "/api/v1/tokens/reader", write)).Status.Should().Be(HttpStatusCode.Forbidden);
        (await AskAsync("GET", "/api/v1/tokens", read)).Status.Should().Be(HttpStatusCode.OK);
        var refused = await AskAsync("DELETE", "/api/v1/users/boss", read);
        (refused.Status, refused.Challenge).Should().Be((HttpStatusCode.Forbidden, "Bearer error=\"insufficient_scope\""));
        (await hub.Tokens.ListAsync(default)).Should().HaveCount(2).And.OnlyContain(token => token.Revoked == null);
        (await RefusalsAsync()).Should().Contain("""token:reader|127.0.0.9|refused.scope|{"count":1,"token":"DELETE /api/v1/users/boss"}""");
    }

    [Fact]
    public async Task Wrong_tokens_are_refused_told_why_audited_and_then_told_to_wait()
    {
        var (revoked, ended) = (await CreateAsync("old", "read"), BearerToken.Create());
        await hub.Tokens.RevokeAsync("old", FullHub.Actor, default);
        await InsertAsync(ended, "late", DateTimeOffset.UnixEpoch);
        foreach (var (token, why) in new[] { (revoked, "revoked"), (ended, "expired"), (BearerToken.Create(), "unknown"), ("shub_short", "unknown"), ("", "unknown") })
        {
            var answer = await AskAsync("GET", "/api/v1/users", token, from: "127.0.0.2");
            answer.Should().Be((HttpStatusCode.Unauthorized, $"The token is {why}.\n", "Bearer error=\"invalid_token\""), "an admin's address does not make up for it");
        }

        for (var number = 5; number < BearerTokenAuthenticator.TriesPerMinute; number++)
        {
            (await AskAsync("GET", "/api/v1/users", "wrong", from: "127.0.0.2")).Status.Should().Be(HttpStatusCode.Unauthorized);
        }

        (await AskAsync("GET", "/api/v1/users", "wrong", from: "127.0.0.2")).Status.Should().Be(HttpStatusCode.TooManyRequests);
        (await AskAsync("GET", "/api/v1/users", "wrong")).Status.Should().Be(HttpStatusCode.Unauthorized, "that was another address");
        (await AskAsync("GET", "/api/v1/users", await CreateAsync("right", "read"), from: "127.0.0.2")).Status.Should().Be(HttpStatusCode.OK, "neighbours of a forgotten script go on");
        (await RefusalsAsync()).Should().Contain("""token:old|127.0.0.2|refused.token|{"count":1,"token":"revoked: GET /api/v1/users"}""").And.Contain(row => row.Contains("|refused.rate|"));
    }

    [Fact]
    public async Task Revoking_cuts_what_the_token_holds_open_and_nothing_else()
    {
        var (mine, other) = (await CreateAsync("mine", "read"), await CreateAsync("other", "read"));
        using var cut = await ListenAsync(mine);
        using var stays = await ListenAsync(other);
        await hub.Tokens.RevokeAsync("mine", FullHub.Actor, default);
        await ClosedAsync(cut);
        await stays.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, default);
        (await stays.ReceiveAsync(new byte[100], default)).MessageType.Should().Be(WebSocketMessageType.Text);
    }

    [Fact]
    public async Task Time_that_is_over_cuts_too()
    {
        var (socket, secret) = await ListenBrieflyAsync(seconds: 5);
        using (socket)
        {
            await ClosedAsync(socket);
        }

        (await AskAsync("GET", "/api/v1/users", secret)).Status.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_live_hub_is_read_with_a_token_by_any_client_and_transport()
    {
        var secret = await CreateAsync("screen", "read");
        foreach (var transport in new[] { Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets, Microsoft.AspNetCore.Http.Connections.HttpTransportType.LongPolling })
        {
            await using var client = new HubConnectionBuilder().WithUrl(At("/hubs/live"), transport, options => options.AccessTokenProvider = () => Task.FromResult<string?>(secret)).Build();
            await client.StartAsync();
            await foreach (var snapshot in client.StreamAsync<JsonElement>("Snapshots"))
            {
                snapshot.GetProperty("sequence").GetInt64().Should().BePositive();
                break;
            }
        }
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_use_a_token_it_has_got_hold_of()
    {
        var secret = await CreateAsync("stolen", "write");
        foreach (var (method, path) in new[] { ("GET", "/api/v1/users"), ("GET", "/openapi/v1.json"), ("POST", "/api/v1/apps/demo/start"), ("POST", "/hubs/live/negotiate?negotiateVersion=1") })
        {
            (await AskAsync(method, path, secret, origin: "http://evil.example")).Status.Should().Be(HttpStatusCode.Forbidden, path);
        }
    }

    [Fact]
    public async Task Use_is_written_down_once_a_minute_and_no_more()
    {
        var secret = await CreateAsync("busy", "read");
        var written = 0;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Get<TokenUses>().Written += () =>
        {
            Interlocked.Increment(ref written);
            first.TrySetResult();
        };
        for (var number = 0; number < 20; number++)
        {
            await AskAsync("GET", "/api/v1/users", secret);
        }

        await first.Task.WaitAsync(FullHub.Patience);
        await hub.Get<TokenUses>().StopAsync(default);
        written.Should().Be(1);
        var token = (await hub.Tokens.ListAsync(default)).Single();
        token.LastAddress.Should().Be(Somewhere);
        token.LastUsed.Should().BeCloseTo(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task No_user_can_be_called_like_a_token()
    {
        var result = await hub.Editor.SaveUserAsync(new UserEntry { Name = "token:backup" }, null, FullHub.Actor, default);
        result.Errors.Should().ContainSingle().Which.Path.Should().Be("name");
    }

    private Uri At(string path) => new(hub.Admin, path);

    private async Task<string> CreateAsync(string name, string scope)
    {
        var (result, secret) = await hub.Tokens.CreateAsync(new TokenEntry { Name = name, Scope = scope }, FullHub.Actor, default);
        result.Errors.Should().BeEmpty();
        return secret!;
    }

    private async Task InsertAsync(string secret, string name, DateTimeOffset expires)
    {
        await using (var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync())
        {
            db.ApiTokens.Add(new ApiTokenRow { Hash = BearerToken.Hash(secret), Name = name, Scope = "read", Expires = expires });
            await db.SaveChangesAsync();
        }

        await hub.Get<ConfigurationLoader>().ReloadAsync(default);
    }

    private async Task<(HttpStatusCode Status, string Body, string Challenge)> AskAsync(
        string method, string path, string token, string from = Somewhere, string? origin = null, HttpContent? content = null)
    {
        using var client = new PersonaClient(from);
        using var request = new HttpRequestMessage(new HttpMethod(method), At(path)) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await client.Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.WwwAuthenticate.ToString());
    }

    /// <summary>Opens the live hub with a token that ends so soon, or later where that was too soon for this machine.</summary>
    private async Task<(ClientWebSocket Socket, string Secret)> ListenBrieflyAsync(int seconds)
    {
        var (secret, end) = (BearerToken.Create(), TimeProvider.System.GetUtcNow().AddSeconds(seconds));
        await InsertAsync(secret, $"brief{seconds}", end);
        try
        {
            return (await ListenAsync(secret), secret);
        }
        catch (WebSocketException) when (TimeProvider.System.GetUtcNow() >= end)
        {
            return await ListenBrieflyAsync(4 * seconds);
        }
    }

    private async Task<ClientWebSocket> ListenAsync(string token)
    {
        using var persona = new PersonaClient(Somewhere);
        var socket = await persona.ConnectAsync(new UriBuilder(At("/hubs/live")) { Scheme = "ws" }.Uri, options => options.SetRequestHeader("Authorization", "Bearer " + token));

        // Without SignalR's handshake the connection is closed after 15 s.
        await socket.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return socket;
    }

    private static async Task ClosedAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(FullHub.Patience);
        var receiveAll = async () =>
        {
            while (true)
            {
                await socket.ReceiveAsync(new byte[100], patience.Token);
            }
        };
        await receiveAll.Should().ThrowAsync<WebSocketException>();
    }

    private async Task<IReadOnlyList<AuditRow>> AuditAsync(string action)
    {
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        return await db.Audit.AsNoTracking().Where(row => row.Action == action).OrderBy(row => row.Sequence).ToListAsync();
    }

    private async Task<IReadOnlyList<string>> RefusalsAsync()
    {
        await hub.Get<RefusalLog>().StopAsync(default);
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        return await db.Audit.AsNoTracking().Where(row => row.Action.StartsWith("refused.")).Select(row => $"{row.Actor}|{row.Address}|{row.Action}|{row.After}").ToListAsync();
    }
}
