using System.Net;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

public sealed class OwnHostNamesTests(SharedHub shared) : IClassFixture<SharedHub>
{
    [Fact]
    public void A_machine_that_started_before_its_network_is_known_by_its_full_name_later()
    {
        var (time, asked, full) = (new TestTime(), 0, $"{Dns.GetHostName()}.example.com");
        string? known = null;
        var names = new OwnHostNames(shared.Hub.Get<HubSettings>(), shared.Hub.Get<OwnAddresses>(), _ => Task.FromResult(++asked > 0 ? known : null), time);
        names.Contains(full).Should().BeFalse("DNS does not answer yet");

        known = full;
        names.Contains(full).Should().BeFalse();
        asked.Should().Be(1, "DNS is not asked at each request");
        time.Advance(OwnHostNames.Patience);
        names.Contains(full).Should().BeFalse("no request waits for DNS");
        names.Contains(full).Should().BeTrue();

        time.Advance(OwnHostNames.Patience);
        names.Contains("other." + full).Should().BeFalse();
        names.Contains(full.ToUpperInvariant()).Should().BeTrue();
        asked.Should().Be(2, "what is known is not asked again");
    }
}
