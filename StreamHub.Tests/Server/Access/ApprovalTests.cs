using System.Net;
using StreamHub.Server.Data;
using StreamHub.Server.Audit;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Requests;

namespace StreamHub.Tests.Server.Access;

/// <summary>What admins approve comes in: this address, as this user, and nobody else.</summary>
public sealed class ApprovalTests : RequestScene
{
    [Fact]
    public async Task An_approval_lets_the_address_in_at_once_and_is_in_the_audit()
    {
        await AskAsync(Unregistered, "Lee", "demo", "");
        var request = await OnlyAsync();
        var result = await ApproveAsync(request.Id, new Approval { NewUser = "Lee", Apps = ["demo"] });
        result.Errors.Should().BeEmpty();

        (await StateAsync(Unregistered)).Should().Be((true, $"{request.Id} Approved"));
        (await PageAsync(Unregistered)).Should().Contain("Hello, Lee").And.Contain("Demo");
        (await Hub.Get<AuditLog>().LatestAsync(AuditFilter.All, null, 2, Cancellation)).Select(entry => (entry.Action, entry.Target))
            .Should().BeEquivalentTo([("user.created", "Lee"), ("request.approved", Unregistered)]);

        // A second admin is told, and changes nothing.
        (await ApproveAsync(request.Id, new Approval { User = "kim" })).Succeeded.Should().BeFalse();
        Hub.Editor.Export().Users.Single(user => user.Name == "kim").Addresses.Should().Equal("127.0.0.7");
    }

    [Fact]
    public async Task Whoever_sees_the_approval_is_in()
    {
        for (var number = 10; number < 30; number++)
        {
            var address = $"127.0.0.{number}";
            await AskAsync(address, "Lee", "", "");
            var request = await OnlyAsync();
            var approval = Task.Run(() => ApproveAsync(request.Id, new Approval { NewUser = $"lee-{number}" }), Cancellation);
            (bool Admitted, string Request) seen;
            do
            {
                seen = await StateAsync(address);
            }
            while (seen.Request == $"{request.Id} Open");
            seen.Should().Be((true, $"{request.Id} Approved"), "the page goes on now, and once");
            (await approval).Errors.Should().BeEmpty();
        }
    }

    public static TheoryData<Approval, string> WrongApprovals => new()
    {
        { new Approval { NewUser = "boss" }, "the user 'boss' exists already" },
        { new Approval { User = "nobody" }, "there is no user 'nobody'" },
        { new Approval(), "give user for an existing user, or newUser" },
        { new Approval { User = "kim", NewUser = "Lee" }, "give user for an existing user, or newUser" },
        { new Approval { NewUser = "Lee", Role = "god" }, "'god' is not a role" },
        { new Approval { NewUser = "Lee", Apps = ["nothing"] }, "there is no app 'nothing'" },
        { new Approval { User = "kim", Replaces = "127.0.0.99" }, "'127.0.0.99' is not an address of kim" },
        { new Approval { NewUser = "Lee", Expires = DateTimeOffset.UnixEpoch }, "would still not be admitted" },
    };

    [Theory]
    [MemberData(nameof(WrongApprovals))]
    public async Task An_approval_that_cannot_be_is_refused_and_leaves_the_request_open(Approval approval, string why)
    {
        await AskAsync(Unregistered, "boss", "", "");
        var before = Hub.Editor.Export().Users;
        var result = await ApproveAsync((await OnlyAsync()).Id, approval);
        result.Errors.Select(error => error.Message).Should().ContainSingle().Which.Should().Contain(why);
        (await OnlyAsync()).State.Should().Be(AccessRequestState.Open);
        Hub.Editor.Export().Users.Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task An_approval_for_one_user_lets_nobody_else_with_a_narrower_range_be_it()
    {
        await Hub.AddUserAsync("bob", "user", "127.0.2.0/28");
        await Hub.AddUserAsync("lee", "user", "127.0.2.0/24");
        await AskAsync("127.0.2.5", "Lee", "demo", "");
        var result = await ApproveAsync((await OnlyAsync()).Id, new Approval { User = "lee", Apps = ["demo"] });
        result.Overlaps.Select(overlap => overlap.ToString()).Should().Contain("127.0.2.5 of lee lies within 127.0.2.0/28 of bob: lee wins there");
        (await PageAsync("127.0.2.5")).Should().Contain("Hello, lee").And.Contain("Demo");

        await Hub.AddUserAsync("one", "user", "127.0.2.6");
        await AskAsync("127.0.2.6", "Lee", "demo", "");
        (await ApproveAsync((await OnlyAsync()).Id, new Approval { User = "lee" })).Errors.Should().ContainSingle()
            .Which.Message.Should().Be("'127.0.2.6' already belongs to the user one; it cannot belong to lee too");
    }

    [Fact]
    public async Task A_user_asks_for_one_more_app_under_their_own_name()
    {
        await Hub.AddAppAsync("sales");
        (await PageAsync("127.0.0.7", "/open/sales/")).Should().Contain("value=\"sales\"").And.NotContain("name=\"name\"");
        await AskAsync("127.0.0.7", "boss", "sales", "");
        var request = await OnlyAsync();
        (request.Name, request.User).Should().Be(("kim", "kim"));

        (await ApproveAsync(request.Id, new Approval { User = "kim", Apps = ["sales"] })).Succeeded.Should().BeTrue();
        var kim = Hub.Editor.Export().Users.Single(user => user.Name == "kim");
        (kim.Apps, kim.Addresses).Should().BeEquivalentTo((new[] { "demo", "sales" }, new[] { "127.0.0.7" }));
    }

    [Fact]
    public async Task A_known_browser_at_a_new_address_is_recognised_and_moves_with_one_click()
    {
        var cookie = await DeviceOfAsync("127.0.0.7");
        using (var refused = await GetAsync(Unregistered, "/", cookie))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.Forbidden, "the cookie opens nothing");
            (await refused.Content.ReadAsStringAsync(Cancellation)).Should().Contain("value=\"kim\"");
        }

        await SendAsync(Unregistered, Hub.Users.GetLeftPart(UriPartial.Authority), cookie, ("name", "kim"));
        var request = await OnlyAsync();
        (request.Device!.User, request.Device.Address).Should().Be(("kim", "127.0.0.7"));

        (await ApproveAsync(request.Id, new Approval { User = "kim", Replaces = "127.0.0.7" })).Succeeded.Should().BeTrue();
        Hub.Editor.Export().Users.Single(user => user.Name == "kim").Addresses.Should().Equal(Unregistered);
        (await GetAsync("127.0.0.7", "/", null)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }
}
