using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Platform;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Access;

/// <summary>A machine that slept, or whose clock was set, while the hub ran.</summary>
public sealed class ClockTests
{
    private static readonly ClientAddress Address = ClientAddress.Parse("10.0.0.7");

    private readonly SleepyTime time = new();

    [Fact]
    public void A_user_has_expired_when_the_machines_clock_says_so_and_no_deadline_has_come_nearer()
    {
        var clock = new SteadyClock(time);
        var before = clock.Now;
        var store = new ConfigurationStore(NullLogger<ConfigurationStore>.Instance);
        var user = new User(UserName.Parse("kim"), Role.User, [AddressRange.Single(Address)], ImmutableHashSet<AppSlug>.Empty, before.AddHours(1));
        store.Swap(HubConfiguration.Create([user], []));
        var policy = new CurrentPolicy(store, new DatabaseHealth(TestHub.NewSettings(), clock, NullLogger<DatabaseHealth>.Instance), clock);
        policy.Decide(Address).Should().BeOfType<AccessDecision.Admitted>();

        time.Slept = TimeSpan.FromHours(2);

        policy.Decide(Address).Should().BeOfType<AccessDecision.Expired>();
        clock.Now.Should().Be(before);
    }

    [Fact]
    public void People_are_told_of_an_instant_as_the_machines_clock_shows_it_and_what_was_written_down_is_found_again()
    {
        var clock = new SteadyClock(time);
        var soon = clock.Now.AddMinutes(5);

        time.Slept = TimeSpan.FromHours(2);

        clock.OnWall(soon).Should().Be(clock.Wall.AddMinutes(5));
        clock.OffWall(clock.OnWall(soon)).Should().Be(soon);
    }

    /// <summary>A machine's clock goes on while it sleeps; its monotonic one does not.</summary>
    private sealed class SleepyTime : TimeProvider
    {
        public TimeSpan Slept { get; set; }

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 5, 6, 8, 0, 0, TimeSpan.Zero) + Slept;

        public override long GetTimestamp() => 0;
    }
}
