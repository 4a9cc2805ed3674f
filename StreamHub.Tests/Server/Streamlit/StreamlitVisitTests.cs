using System.Net;
using System.Net.Sockets;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Streamlit;

namespace StreamHub.Tests.Server.Streamlit;

public sealed class StreamlitVisitTests
{
    [Fact]
    public async Task A_visit_tells_nothing_to_another_program_on_the_apps_port()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new AppEndpoint(((IPEndPoint)listener.LocalEndpoint).Port);
        AppEndpoint? asked = null;
        using var visit = new StreamlitVisit(new AppConnector(listening =>
        {
            asked = listening;
            return false;
        }), new SteadyClock(TimeProvider.System));

        // A program that gets the handshake refuses it.
        var visited = visit.RunAsync(endpoint, "app/sales", "secret", runsScript: true, FullHub.Patience, TestContext.Current.CancellationToken);
        using var foreign = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var received = await foreign.GetStream().ReadAsync(new byte[1000], TestContext.Current.CancellationToken);
        foreign.Close();

        (await visited).Should().BeOfType<VisitResult.NoSession>();
        (received, asked).Should().Be((0, endpoint));
    }
}
