using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;
using StreamHub.Server.Visits;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Data;

/// <summary>Unregistered are counted, but push out no visit of anybody who is known.</summary>
public sealed class VisitLogTests
{
    private static readonly UserEntry Kim = new() { Name = "kim", Addresses = ["10.9.0.7"] };

    [Fact]
    public async Task Unregistered_clients_from_everywhere_leave_room_for_a_user_who_comes_after_them()
    {
        await using var hub = await TestHub.StartAsync(null, Kim);
        for (var host = 0; host < VisitLog.Waiting + VisitLog.UnregisteredWaiting; host++)
        {
            Come(hub, $"10.1.{host / 256}.{host % 256}");
        }

        Come(hub, "10.9.0.7");
        (await WrittenAsync(hub)).Should().Be((1, VisitLog.UnregisteredWaiting));
    }

    [Fact]
    public async Task One_machine_with_a_network_of_addresses_leaves_room_for_other_strangers()
    {
        await using var hub = await TestHub.StartAsync(null, Kim);
        for (var host = 1; host <= 2 * VisitLog.UnregisteredWaiting; host++)
        {
            Come(hub, $"2001:db8::{host:x}");
        }

        Come(hub, "10.1.0.1");
        (await WrittenAsync(hub)).Should().Be((0, VisitLog.SiteWaiting + 1));
    }

    [Fact]
    public async Task Unregistered_clients_lose_their_own_oldest_visits_beyond_their_room_those_that_came_more_than_once_last()
    {
        await using var hub = await TestHub.StartAsync(null, Kim);
        Come(hub, "10.9.0.7");
        Come(hub, "10.1.0.1");
        Come(hub, "10.1.0.1");
        await WrittenAsync(hub);
        await using (var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(Cancellation))
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {VisitLog.UnregisteredKept})
                INSERT INTO "visits" ("Hour", "Address", "App", "Admin", "Decision", "Count")
                SELECT (SELECT max("Hour") FROM "visits") + i, '10.2.' || (i / 256) || '.' || (i % 256), '', 0, 'Unregistered', 1 FROM n
                """,
                Cancellation);
        }

        Come(hub, "10.1.0.2");
        (await WrittenAsync(hub)).Should().Be((1, VisitLog.UnregisteredKept));
        await using var after = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(Cancellation);
        (await after.Visits.SingleAsync(row => row.Address == "10.1.0.1", Cancellation)).Count.Should().Be(2);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static void Come(TestHub hub, string from)
    {
        var address = ClientAddress.Parse(from);
        var request = new DefaultHttpContext { Request = { Path = "/" } }.Request;
        request.Headers.Accept = "text/html";
        var current = hub.Store.Current;
        hub.Get<VisitLog>().Record(app: null, request, address, isAdmin: false, current.Policy.Decide(address, DateTimeOffset.UnixEpoch));
    }

    private static async Task<(int Known, int Unregistered)> WrittenAsync(TestHub hub)
    {
        await hub.Get<VisitLog>().FlushAsync(Cancellation);
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(Cancellation);
        return (await db.Visits.CountAsync(row => row.Decision == "Admitted", Cancellation), await db.Visits.CountAsync(row => row.Decision == "Unregistered", Cancellation));
    }
}
