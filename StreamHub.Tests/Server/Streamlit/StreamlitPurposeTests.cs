using Microsoft.AspNetCore.Http;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Http;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>What requests mean to Streamlit, and that they mean nothing of the kind to other apps.</summary>
public sealed class StreamlitPurposeTests
{
    private const string OfRun42 = "7d3f2a10-53c1-4f0e-9a6b-00000000002a";

    private static readonly RuntimeAdapter Streamlit = new StreamlitRuntime(null!, null!, null!, new StreamlitPage(null!), null!);

    [Theory]
    [InlineData("GET", "", RequestKind.Page)]
    [InlineData("GET", "page/2", RequestKind.Page)]
    [InlineData("POST", "", RequestKind.Call)]
    [InlineData("POST", "api/orders", RequestKind.Call)]
    [InlineData("GET", "media/picture.png", RequestKind.Part)]
    [InlineData("GET", "static/js/main.js", RequestKind.Part)]
    [InlineData("GET", "component/grid/index.html", RequestKind.Part)]
    [InlineData("GET", "_stcore/health", RequestKind.Poll)]
    [InlineData("GET", "_stcore/host-config", RequestKind.Poll)]
    [InlineData("GET", "_stcore/stream", RequestKind.Part)]
    [InlineData("GET", "_stcore/metrics", RequestKind.Closed)]
    [InlineData("GET", "_stcore/script-health-check", RequestKind.Closed)]
    [InlineData("POST", "_stcore/agent/interact", RequestKind.Closed)]
    [InlineData("GET", "_stcore/metrics/", RequestKind.Closed)]
    [InlineData("GET", "st-metrics", RequestKind.Closed)]
    [InlineData("GET", "script-health-check/", RequestKind.Closed)]
    internal void Streamlits_own_addresses_have_their_purpose(string method, string rest, RequestKind expected)
    {
        Read(Streamlit, method, rest).Kind.Should().Be(expected);
        Read(new CommandRuntime(TestHub.NewSettings()), method, rest).Kind.Should().Be(method == "GET" ? RequestKind.Page : RequestKind.Call, "another app's addresses are its own");
    }

    [Theory]
    [InlineData("_stcore/stream", RequestKind.Session)]
    [InlineData("_stcore/stream/", RequestKind.Session)]
    [InlineData("_stcore/health", RequestKind.Session)]
    [InlineData("_stcore/metrics", RequestKind.Closed)]
    [InlineData("_stcore/script-health-check", RequestKind.Closed)]
    [InlineData("_stcore/agent/interact", RequestKind.Closed)]
    [InlineData("st-metrics", RequestKind.Closed)]
    [InlineData("script-health-check", RequestKind.Closed)]
    [InlineData("live", RequestKind.Call)]
    internal void A_WebSocket_of_Streamlits_own_addresses_is_a_session_or_closed(string rest, RequestKind expected)
    {
        Read(Streamlit, "GET", rest, isUpgrade: true).Kind.Should().Be(expected);
        Read(new CommandRuntime(TestHub.NewSettings()), "GET", rest, isUpgrade: true).Kind.Should().Be(RequestKind.Session);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("POST", false)]
    public void Only_what_can_be_asked_twice_is_asked_of_draining_runs(string method, bool expected) =>
        Read(Streamlit, method, "media/picture.png").MayBelongToDrainingRun.Should().Be(expected);

    [Theory]
    [InlineData("_stcore/stream", "streamlit, xsrf, " + OfRun42, 42L)]
    [InlineData("_stcore/stream", "streamlit,xsrf," + OfRun42, 42L)]
    [InlineData("_stcore/upload_file/" + OfRun42 + "/file", null, 42L)]
    [InlineData("_stcore/stream", "streamlit, xsrf", null)]
    [InlineData("_stcore/stream", null, null)]
    [InlineData("_stcore/stream", "streamlit, xsrf, short", null)]
    [InlineData("_stcore/stream", "streamlit, xsrf, 7d3f2a10-53c1-4f0e-9a6b-00000000zz2a", null)]
    public void Run_is_read_from_what_the_browser_knows_of_its_session(string rest, string? protocols, long? run) =>
        Read(Streamlit, "GET", rest, protocols is not null, protocols).Run.Should().Be(run is { } number ? new RunId(number) : null);

    private static RequestPurpose Read(RuntimeAdapter runtime, string method, string rest, bool isUpgrade = false, string? protocols = null)
    {
        var context = new DefaultHttpContext { Request = { Method = method, Headers = { Accept = "text/html", SecWebSocketProtocol = protocols } } };
        return runtime.PurposeOf(context.Request, new AppPath(AppSlug.Parse("sales"), "/app/sales/" + rest, "", rest, HasSlash: true), isUpgrade);
    }
}
