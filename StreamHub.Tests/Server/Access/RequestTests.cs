using System.Net;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Access;

/// <summary>Unregistered and users ask, and see what became of it; a browser's note of who it was is only ever a hint.</summary>
public sealed class RequestTests : RequestScene
{
    [Fact]
    public async Task A_strangers_request_waits_on_the_page_until_it_is_decided()
    {
        (await PageAsync(Unregistered)).Should().Contain("action=\"/_hub/request\"").And.NotContain("Demo");
        (await AskAsync(Unregistered, "Lee", "Demo", "Figures & <b>more</b>")).StatusCode.Should().Be(HttpStatusCode.SeeOther);

        var page = await PageAsync(Unregistered);
        page.Should().Contain("Your request was sent").And.Contain("Figures &amp; &lt;b&gt;more&lt;/b&gt;").And.NotContain("name=\"name\"");
        var request = await OnlyAsync();
        (request.Name, request.Address, request.App, request.User).Should().Be(("Lee", Unregistered, "Demo", null));

        await Hub.Decisions.CloseAsync(request.Id, AccessRequestState.Declined, "Ask me in person", FullHub.Actor, Cancellation);
        (await PageAsync(Unregistered)).Should().Contain("Ask me in person").And.Contain("name=\"name\"");
        (await StateAsync(Unregistered)).Should().Be((false, $"{request.Id} Declined"));
    }

    [Fact]
    public async Task An_address_has_one_open_request_and_five_a_day()
    {
        for (var time = 0; time < 5; time++)
        {
            (await AskAsync(Unregistered, "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.SeeOther);
            if (time < 4)
            {
                (await AskAsync(Unregistered, "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.Conflict);
            }

            (await SendAsync(Unregistered, ("act", "withdraw"))).StatusCode.Should().Be(HttpStatusCode.SeeOther);
        }

        using var late = await AskAsync(Unregistered, "Lee", "", "");
        late.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await late.Content.ReadAsStringAsync(Cancellation)).Should().Contain("tomorrow");
        (await Hub.Requests.ListAsync(isOpen: true, Cancellation)).Should().BeEmpty();
        (await AskAsync("127.0.0.10", "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.SeeOther, "others may ask");
    }

    [Fact]
    public async Task A_blocked_address_cannot_ask_until_the_block_is_lifted()
    {
        await AskAsync(Unregistered, "Lee", "", "");
        var id = (await OnlyAsync()).Id;
        await Hub.Decisions.CloseAsync(id, AccessRequestState.Blocked, null, FullHub.Actor, Cancellation);
        (await AskAsync(Unregistered, "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await PageAsync(Unregistered)).Should().Contain("take no requests").And.NotContain("name=\"name\"");

        await Hub.Decisions.CloseAsync(id, AccessRequestState.Withdrawn, null, FullHub.Actor, Cancellation);
        (await AskAsync(Unregistered, "Lee", "", "")).StatusCode.Should().Be(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("Lee\u0007", "", "")]
    [InlineData("Lee", "long", "")]
    [InlineData("Lee", "", "long")]
    public async Task What_cannot_be_taken_is_given_back_in_the_form(string name, string app, string purpose)
    {
        using var answer = await AskAsync(Unregistered, name, app.Length > 0 ? new string('a', 101) : "", purpose.Length > 0 ? new string('p', 501) : "");
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Contain("at most 500").And.Contain("name=\"name\"");
        (await Hub.Requests.CountOpenAsync(Cancellation)).Should().Be(0);
    }

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_asks_for_nobody(string origin)
    {
        (await SendAsync(Unregistered, origin, ("name", "Lee"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await RawClient.AskAsync(Unregistered, Hub.Users.Port, "POST", "/_hub/request", $"Host: {Hub.Users.Authority}", "Content-Length: 0")).Status.Should().Be(403, "it may leave its origin out");
        (await Hub.Requests.CountOpenAsync(Cancellation)).Should().Be(0);
    }

    [Fact]
    public async Task Somebody_who_was_disabled_has_nothing_to_ask()
    {
        await Hub.Editor.SaveUserAsync(Hub.Editor.Export().Users.Single(user => user.Name == "kim") with { Disabled = true }, "kim", FullHub.Actor, Cancellation);
        (await PageAsync("127.0.0.7")).Should().NotContain("/_hub/request");
        (await AskAsync("127.0.0.7", "Kim", "", "")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_note_goes_with_the_person_and_not_with_the_name()
    {
        var cookie = await DeviceOfAsync("127.0.0.7");
        var kim = Hub.Editor.Export().Users.Single(user => user.Name == "kim");
        (await Hub.Editor.SaveUserAsync(kim with { Name = "Kim Min-su" }, "kim", FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        await Hub.AddUserAsync("kim", "user", "127.0.0.17");
        await AskWithAsync(cookie);
        (await OnlyAsync()).Device!.User.Should().Be("Kim Min-su");

        await SendAsync(Unregistered, ("act", "withdraw"));
        (await Hub.Editor.RemoveUserAsync("Kim Min-su", FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        await AskWithAsync(cookie);
        (await OnlyAsync()).Device.Should().BeNull("there is nobody any more to whom it could be moved");

        Task AskWithAsync(string note) => SendAsync(Unregistered, Hub.Users.GetLeftPart(UriPartial.Authority), note, ("name", "Kim"));
    }

    [Fact]
    public async Task A_note_that_this_hub_did_not_write_says_nothing()
    {
        var cookie = await DeviceOfAsync("127.0.0.7");
        foreach (var forged in new[] { cookie[..^4] + "AAAA", ".StreamHub.Device=kim", ".StreamHub.Device=1 127.0.0.7 kim" })
        {
            await SendAsync(Unregistered, Hub.Users.GetLeftPart(UriPartial.Authority), forged, ("name", "kim"));
            (await OnlyAsync()).Device.Should().BeNull(forged);
            await SendAsync(Unregistered, ("act", "withdraw"));
        }
    }

    [Fact]
    public async Task A_user_who_asked_from_home_sees_at_once_what_became_of_it()
    {
        const string Open = "<details class=\"more\" open";
        (await PageAsync("127.0.0.7")).Should().Contain("<details class=\"more\"").And.NotContain(Open);
        await AskAsync("127.0.0.7", "", "sales", "");
        (await PageAsync("127.0.0.7")).Should().Contain(Open).And.Contain("Your request was sent");
        await Hub.Decisions.CloseAsync((await OnlyAsync()).Id, AccessRequestState.Declined, "Not yet", FullHub.Actor, Cancellation);
        (await PageAsync("127.0.0.7")).Should().Contain(Open).And.Contain("Not yet");
    }
}
