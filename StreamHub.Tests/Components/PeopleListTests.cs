using Bunit;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Platform;
using StreamHub.Server.Users;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Components;

public sealed class PeopleListTests : BunitContext
{
    [Fact]
    public void Times_are_those_of_the_hubs_zone_and_differences_those_of_its_steady_clock()
    {
        // The machine's clock was set while the hub ran.
        var time = new SetTime();
        var clock = new SteadyClock(time);
        time.Ahead = TimeSpan.FromMinutes(75);
        Services.AddLogging().AddLocalization().AddSingleton(clock).AddSingleton(TestHub.NewSettings() with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata") });
        var session = new AppSession(Format.Instance("sales"), new RunId(1), UserName.Parse("kim"), ClientAddress.Parse("10.0.0.7"), clock.Now.AddMinutes(-3), clock.Now.AddMinutes(-2));

        var line = Render<PeopleList>(list => list.Add(people => people.People, [session])).Find("li").TextContent;

        line.Should().Contain("2030-05-06 14:42").And.Contain("00:03:00").And.Contain("00:02:00");
    }

    private sealed class SetTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 5, 6, 8, 0, 0, TimeSpan.Zero) + Ahead;

        public override long GetTimestamp() => 0;
    }
}
