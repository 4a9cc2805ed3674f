using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Requests;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Access;

/// <summary>How much somebody can ask for who has many addresses.</summary>
public sealed class RequestLimitTests
{
    [Fact]
    public async Task One_machine_with_a_network_of_addresses_leaves_room_for_others()
    {
        await using var hub = await TestHub.StartAsync();
        var outcomes = new List<SubmitResult>();
        for (var host = 1; host <= AccessRequests.SiteLimit + 1; host++)
        {
            outcomes.Add(await AskAsync(hub, $"2001:db8:0:1::{host:x}"));
        }

        outcomes.SkipLast(1).Should().OnlyContain(outcome => outcome == SubmitResult.Sent);
        outcomes[^1].Should().Be(SubmitResult.TooMany);
        (await AskAsync(hub, "2001:db8:0:1:ffff::1")).Should().Be(SubmitResult.TooMany);
        (await AskAsync(hub, "2001:db8:0:2::1")).Should().Be(SubmitResult.Sent);
        (await AskAsync(hub, "10.0.0.1")).Should().Be(SubmitResult.Sent);
    }

    [Fact]
    public async Task A_block_holds_for_every_address_of_the_machine_and_keeps_its_note_to_itself()
    {
        await using var hub = await TestHub.StartAsync();
        await AskAsync(hub, "2001:db8::1");
        await hub.Get<RequestDecisions>().CloseAsync(1, AccessRequestState.Blocked, "enough", Actor.Console, Cancellation);
        (await AskAsync(hub, "2001:db8::2:0:0:1")).Should().Be(SubmitResult.Refused);
        var other = await hub.Get<AccessRequests>().FindAsync(ClientAddress.Parse("2001:db8::2"), HubConfiguration.Empty, Cancellation);
        (other!.State, other.Note).Should().Be((AccessRequestState.Blocked, null));
        (await hub.Get<AccessRequests>().FindAsync(ClientAddress.Parse("2001:db8::1"), HubConfiguration.Empty, Cancellation))!.Note.Should().Be("enough");
        (await AskAsync(hub, "2001:db8:0:1::1")).Should().Be(SubmitResult.Sent);
    }

    [Fact]
    public async Task A_block_in_force_is_listed_however_many_were_decided_since()
    {
        await using var hub = await TestHub.StartAsync();
        await AskAsync(hub, "10.0.0.1");
        await hub.Get<RequestDecisions>().CloseAsync(1, AccessRequestState.Blocked, null, Actor.Console, Cancellation);
        await using (var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(Cancellation))
        {
            db.AccessRequests.AddRange(Enumerable.Range(0, AccessRequests.Listed + 1).Select(_ => new AccessRequestRow { Address = "10.0.0.2", State = AccessRequestState.Declined }));
            await db.SaveChangesAsync(Cancellation);
        }

        var decided = await hub.Get<AccessRequests>().ListAsync(isOpen: false, Cancellation);
        decided.Should().HaveCount(AccessRequests.Listed + 1).And.BeInDescendingOrder(request => request.Id);
        decided[^1].Address.Should().Be("10.0.0.1");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<SubmitResult> AskAsync(TestHub hub, string from) =>
        hub.Get<AccessRequests>().AskAsync(ClientAddress.Parse(from), owner: null, device: null, new AccessRequestForm("Lee", "", ""), Cancellation);
}
