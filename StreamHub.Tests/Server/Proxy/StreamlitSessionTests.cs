using Microsoft.AspNetCore.Http;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Gateway;
using StreamHub.Server.Streamlit;

namespace StreamHub.Tests.Server.Proxy;

public sealed class StreamlitSessionTests
{
    private const string OfRun42 = "7d3f2a10-53c1-4f0e-9a6b-00000000002a";

    [Theory]
    [InlineData("/app/sales/_stcore/stream", "streamlit, xsrf, " + OfRun42, 42L)]
    [InlineData("/app/sales/_stcore/stream", "streamlit,xsrf," + OfRun42, 42L)]
    [InlineData("/app/sales/_stcore/upload_file/" + OfRun42 + "/file", null, 42L)]
    [InlineData("/app/sales/_stcore/stream", "streamlit, xsrf", null)]
    [InlineData("/app/sales/_stcore/stream", null, null)]
    [InlineData("/app/sales/_stcore/stream", "streamlit, xsrf, short", null)]
    [InlineData("/app/sales/_stcore/stream", "streamlit, xsrf, 7d3f2a10-53c1-4f0e-9a6b-00000000zz2a", null)]
    public void A_session_tells_the_run_that_made_it(string target, string? protocols, long? run)
    {
        var path = new AppPath(AppSlug.Parse("sales"), target, "", target["/app/sales/".Length..], HasSlash: true);
        var context = new DefaultHttpContext();
        context.Request.Headers.SecWebSocketProtocol = protocols;
        StreamlitSession.RunOf(context.Request, path).Should().Be(run is { } number ? new RunId(number) : null);
    }
}
