using StreamHub.Server.Runtimes;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary>An app under the hub behaves as under <c>streamlit run</c>; what differs is in docs/apps.md.</summary>
public sealed class DifferentialTests
{
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "access client.showErrorLinks server.trustedUserHeaders")]
    public async Task A_script_observes_through_the_hub_what_it_observes_alone_and_its_own_config_wins(bool isOld, string unhooked)
    {
        var suite = await DifferentialSuite.RunAsync(await E2E.StreamlitPythonAsync(isOld));

        string.Join("\n", suite.Differences).Should().BeEmpty();
        string.Join("\n", suite.Misstated).Should().BeEmpty();

        var accepted = AcceptedDifferences.Read();
        var start = suite.Start.Facts;
        string.Join(' ', suite.Unhooked.Order(StringComparer.Ordinal)).Should().Be(unhooked);
        foreach (var option in start.Options.Where(option => option.Source == StartSource.Required))
        {
            accepted.Options.Should().ContainKey(option.Name);
        }

        // After the change of config.toml: what the hub needs holds, what it suggests has given way.
        Observation.Misstated(suite.Edited, accepted, "observer").Select(line => line.Split(':')[0])
            .Should().BeEquivalentTo(StreamlitOptions.Suggested.Select(option => option.Name).Except(suite.Unhooked));
        suite.Edited.GetProperty(StreamlitOptions.SessionTimeName).GetInt32().Should().Be(60);
        suite.Edited.GetProperty("server.port").GetInt32().Should().NotBe(9);
        suite.Edited.GetProperty("server.sslCertFile").GetString().Should().BeEmpty();
        if (!isOld)
        {
            suite.Edited.GetProperty("server.trustedUserHeaders").GetRawText().Should().Contain("X-StreamHub-User").And.NotContain("X-Other");
        }

        start.Options.Should().Contain(option => option.Name == "client.toolbarMode" && option.Value == "developer" && option.Source == StartSource.File && option.File!.EndsWith(".streamlit/config.toml"))
            .And.Contain(option => option.Name == "server.maxMessageSize" && option.Source == StartSource.Entry)
            .And.Contain(option => option.Name == "server.port" && option.Source == StartSource.Required);
        start.ShortSessions!.Value.Should().Be("60");
    }
}
