using System.Net;
using System.Text.Json;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Admin;
using StreamHub.Server.Admin.Audit;
using StreamHub.Server.Data;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>Strangers ask, admins decide, and a browser that was let in before is recognised but never believed.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private const string Stranger = "127.0.0.9";

    private readonly List<PersonaClient> clients = [];
    private FullHub hub = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync();
        await hub.AddUserAsync("boss", "admin", "127.0.0.2");
        await hub.AddUserAsync("kim", "user", "127.0.0.7", "demo");
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task A_strangers_request_waits_on_the_page_until_it_is_decided()
    {
        (await PageAsync(Stranger)).Should().Contain("action=\"/_hub/request\"").And.NotContain("Demo");
        (await AskAsync(Stranger, "Lee", "Demo", "Figures & <b>more</b>")).StatusCode.Should().Be(HttpStatusCode.SeeOther);

        var page = await PageAsync(Stranger);
        page.Should().Contain("Your request was sent").And.Contain("Figures &amp; &lt;b&gt;more&lt;/b&gt;").And.NotContain("name=\"name\"");
        var request = await OnlyAsync();
        (request.Name, request.Address, request.App, request.User).Should().Be(("Lee", Stranger, "Demo", null));

        await hub.Actions.CloseRequestAsync(request.Id, AccessRequestState.Declined, "Ask me in person", FullHub.Actor, Cancellation);
        (await PageAsync(Stranger)).Should().Contain("Ask me in person").And.Contain("name=\"name\"");
        (await StateAsync(Stranger)).Should().Be((false, $"{request.Id} Declined"));
    }

    [Fact]
    public async Task An_approval_lets_the_address_in_at_once_and_is_in_the_audit()
    {
        await AskAsync(Stranger, "Lee", "demo", "");
        var request = await OnlyAsync();
        var result = await ApproveAsync(request.Id, new Approval { NewUser = "Lee", Apps = ["demo"] });
        result.Errors.Should().BeEmpty();

        (await StateAsync(Stranger)).Should().Be((true, $"{request.Id} Approved"));
        (await PageAsync(Stranger)).Should().Contain("Hello, Lee").And.Contain("Demo");
        (await hub.Get<AuditLog>().LatestAsync(AuditFilter.All, null, 2, Cancellation)).Select(entry => (entry.Action, entry.Target))
            .Should().BeEquivalentTo([("user.created", "Lee"), ("request.approved", Stranger)]);

        // A second admin is told, and changes nothing.
        (await ApproveAsync(request.Id, new Approval { User = "kim" })).Succeeded.Should().BeFalse();
        hub.Actions.Export().Users.Single(user => user.Name == "kim").Addresses.Should().Equal("127.0.0.7");
    }

    public static TheoryData<Approval, string> WrongApprovals => new()
    {
        { new Approval { NewUser = "boss" }, "there is a user 'boss' already" },
        { new Approval { User = "nobody" }, "there is no user 'nobody'" },
        { new Approval(), "say who gets the address" },
        { new Approval { User = "kim", NewUser = "Lee" }, "say who gets the address" },
        { new Approval { NewUser = "Lee", Role = "god" }, "'god' is not a role" },
        { new Approval { NewUser = "Lee", Apps = ["nothing"] }, "there is no app 'nothing'" },
        { new Approval { User = "kim", Replaces = "127.0.0.99" }, "'127.0.0.99' is not an address of kim" },
        { new Approval { NewUser = "Lee", Expires = DateTimeOffset.UnixEpoch }, "would still not be admitted" },
    };

    [Theory]
    [MemberData(nameof(WrongApprovals))]
    public async Task An_approval_that_cannot_be_is_refused_and_leaves_the_request_open(Approval approval, string why)
    {
        await AskAsync(Stranger, "boss", "", "");
        var before = hub.Actions.Export().Users;
        var result = await ApproveAsync((await OnlyAsync()).Id, approval);
        result.Errors.Select(error => error.Message).Should().ContainSingle().Which.Should().Contain(why);
        (await OnlyAsync()).State.Should().Be(AccessRequestState.Open);
        hub.Actions.Export().Users.Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task An_approval_for_one_user_lets_nobody_else_with_a_narrower_range_be_it()
    {
        await hub.AddUserAsync("bob", "user", "127.0.2.0/28");
        await hub.AddUserAsync("lee", "user", "127.0.2.0/24");
        await AskAsync("127.0.2.5", "Lee", "demo", "");
        var result = await ApproveAsync((await OnlyAsync()).Id, new Approval { User = "lee", Apps = ["demo"] });
        result.Overlaps.Select(overlap => overlap.ToString()).Should().Contain("127.0.2.5 of lee lies within 127.0.2.0/28 of bob: lee wins there");
        (await PageAsync("127.0.2.5")).Should().Contain("Hello, lee").And.Contain("Demo");

        await hub.AddUserAsync("one", "user", "127.0.2.6");
        await AskAsync("127.0.2.6", "Lee", "demo", "");
        (await ApproveAsync((await OnlyAsync()).Id, new Approval { User = "lee" })).Errors.Should().ContainSingle()
            .Which.Message.Should().Be("'127.0.2.6' already belongs to the user one; lee cannot have it too");
    }

    [Fact]
    public async Task An_address_has_one_open_request_and_five_a_day()
    {
        for (var time = 0; time < 5; time++)
        {
            (await AskAsync(Stranger, "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.SeeOther);
            if (time < 4)
            {
                (await AskAsync(Stranger, "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.Conflict);
            }

            (await SendAsync(Stranger, ("act", "withdraw"))).StatusCode.Should().Be(HttpStatusCode.SeeOther);
        }

        using var late = await AskAsync(Stranger, "Lee", "", "");
        late.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await late.Content.ReadAsStringAsync(Cancellation)).Should().Contain("tomorrow");
        (await hub.Actions.RequestsAsync(open: true, Cancellation)).Should().BeEmpty();
        (await AskAsync("127.0.0.10", "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.SeeOther, "others may ask");
    }

    [Fact]
    public async Task A_blocked_address_cannot_ask_until_the_block_is_lifted()
    {
        await AskAsync(Stranger, "Lee", "", "");
        var id = (await OnlyAsync()).Id;
        await hub.Actions.CloseRequestAsync(id, AccessRequestState.Blocked, null, FullHub.Actor, Cancellation);
        (await AskAsync(Stranger, "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await PageAsync(Stranger)).Should().Contain("take no requests").And.NotContain("name=\"name\"");

        await hub.Actions.CloseRequestAsync(id, AccessRequestState.Withdrawn, null, FullHub.Actor, Cancellation);
        (await AskAsync(Stranger, "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("Lee\u0007", "", "")]
    [InlineData("Lee", "long", "")]
    [InlineData("Lee", "", "long")]
    public async Task What_cannot_be_taken_is_given_back_in_the_form(string name, string app, string purpose)
    {
        using var answer = await AskAsync(Stranger, name, app.Length > 0 ? new string('a', 101) : "", purpose.Length > 0 ? new string('p', 501) : "");
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Contain("at most 500").And.Contain("name=\"name\"");
        (await hub.Actions.CountRequestsAsync(Cancellation)).Should().Be(0);
    }

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_asks_for_nobody(string origin)
    {
        (await SendAsync(Stranger, origin, ("name", "Lee"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await RawClient.AskAsync(Stranger, hub.Users.Port, "POST", "/_hub/request", $"Host: {hub.Users.Authority}", "Content-Length: 0")).Status.Should().Be(403, "it may leave its origin out");
        (await hub.Actions.CountRequestsAsync(Cancellation)).Should().Be(0);
    }

    [Fact]
    public async Task A_user_asks_for_one_more_app_under_their_own_name()
    {
        await hub.AddAppAsync("sales");
        (await PageAsync("127.0.0.7", "/open/sales/")).Should().Contain("value=\"sales\"").And.NotContain("name=\"name\"");
        await AskAsync("127.0.0.7", "boss", "sales", "");
        var request = await OnlyAsync();
        (request.Name, request.User).Should().Be(("kim", "kim"));

        (await ApproveAsync(request.Id, new Approval { User = "kim", Apps = ["sales"] })).Succeeded.Should().BeTrue();
        var kim = hub.Actions.Export().Users.Single(user => user.Name == "kim");
        (kim.Apps, kim.Addresses).Should().BeEquivalentTo((new[] { "demo", "sales" }, new[] { "127.0.0.7" }));
    }

    [Fact]
    public async Task Somebody_who_was_disabled_has_nothing_to_ask()
    {
        await hub.Actions.SaveUserAsync(hub.Actions.Export().Users.Single(user => user.Name == "kim") with { Disabled = true }, "kim", FullHub.Actor, Cancellation);
        (await PageAsync("127.0.0.7")).Should().NotContain("/_hub/request");
        (await AskAsync("127.0.0.7", "Kim", "", "")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_known_browser_at_a_new_address_is_recognised_and_moves_with_one_click()
    {
        var cookie = await DeviceOfAsync("127.0.0.7");
        using (var refused = await GetAsync(Stranger, "/", cookie))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.Forbidden, "the cookie opens nothing");
            (await refused.Content.ReadAsStringAsync(Cancellation)).Should().Contain("value=\"kim\"");
        }

        await SendAsync(Stranger, hub.Users.GetLeftPart(UriPartial.Authority), cookie, ("name", "kim"));
        var request = await OnlyAsync();
        (request.Device!.User, request.Device.Address).Should().Be(("kim", "127.0.0.7"));

        (await ApproveAsync(request.Id, new Approval { User = "kim", Replaces = "127.0.0.7" })).Succeeded.Should().BeTrue();
        hub.Actions.Export().Users.Single(user => user.Name == "kim").Addresses.Should().Equal(Stranger);
        (await GetAsync("127.0.0.7", "/", null)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_note_that_this_hub_did_not_write_says_nothing()
    {
        var cookie = await DeviceOfAsync("127.0.0.7");
        foreach (var forged in new[] { cookie[..^4] + "AAAA", ".StreamHub.Device=kim", ".StreamHub.Device=1 127.0.0.7 kim" })
        {
            await SendAsync(Stranger, hub.Users.GetLeftPart(UriPartial.Authority), forged, ("name", "kim"));
            (await OnlyAsync()).Device.Should().BeNull(forged);
            await SendAsync(Stranger, ("act", "withdraw"));
        }
    }

    [Fact]
    public async Task A_user_who_asked_from_home_sees_at_once_what_became_of_it()
    {
        const string Open = "<details class=\"more\" open";
        (await PageAsync("127.0.0.7")).Should().Contain("<details class=\"more\">").And.NotContain(Open);
        await AskAsync("127.0.0.7", "", "sales", "");
        (await PageAsync("127.0.0.7")).Should().Contain(Open).And.Contain("Your request was sent");
        await hub.Actions.CloseRequestAsync((await OnlyAsync()).Id, AccessRequestState.Declined, "Not yet", FullHub.Actor, Cancellation);
        (await PageAsync("127.0.0.7")).Should().Contain(Open).And.Contain("Not yet");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<string> DeviceOfAsync(string address)
    {
        using var home = await GetAsync(address, "/", null);
        var cookie = home.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith(DeviceCookie.Name, StringComparison.Ordinal));
        cookie.Should().Contain("httponly").And.Contain("samesite=lax");
        return cookie.Split(';')[0];
    }

    private async Task<AccessRequest> OnlyAsync() =>
        (await hub.Actions.RequestsAsync(open: true, Cancellation)).Should().ContainSingle().Subject;

    private Task<ActionResult> ApproveAsync(long id, Approval approval) => hub.Actions.ApproveAsync(id, approval, default, FullHub.Actor, Cancellation);

    private async Task<(bool Admitted, string Request)> StateAsync(string from)
    {
        using var answer = await SendAsync(from, new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Users, "/_hub/request")));
        var state = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancellation));
        return (state.GetProperty("admitted").GetBoolean(), state.GetProperty("request").GetString()!);
    }

    private async Task<string> PageAsync(string from, string path = "/")
    {
        using var answer = await GetAsync(from, path, null);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private Task<HttpResponseMessage> GetAsync(string from, string path, string? cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Users, path)) { Headers = { { "Accept", "text/html" } } };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return SendAsync(from, request);
    }

    private Task<HttpResponseMessage> AskAsync(string from, string name, string app, string purpose) =>
        SendAsync(from, ("name", name), ("app", app), ("purpose", purpose));

    private Task<HttpResponseMessage> SendAsync(string from, params (string Name, string Value)[] fields) =>
        SendAsync(from, hub.Users.GetLeftPart(UriPartial.Authority), fields);

    private Task<HttpResponseMessage> SendAsync(string from, string? origin, params (string Name, string Value)[] fields) =>
        SendAsync(from, origin, null, fields);

    private Task<HttpResponseMessage> SendAsync(string from, string? origin, string? cookie, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub.Users, "/_hub/request"))
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        foreach (var (name, value) in new[] { ("Origin", origin), ("Cookie", cookie) })
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        return SendAsync(from, request);
    }

    private Task<HttpResponseMessage> SendAsync(string from, HttpRequestMessage request)
    {
        var client = new PersonaClient(from);
        clients.Add(client);
        return client.Http.SendAsync(request, Cancellation);
    }
}
