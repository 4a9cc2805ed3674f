using System.Net;
using System.Net.WebSockets;
using System.Runtime.Versioning;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Faults;

/// <summary>Somebody who is not registered and tries everything, all the time.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UnregisteredWorker(FaultHub hub) : IWorker
{
    private const string Who = "stranger";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PersonaClient persona = new("127.0.0.66");

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var turn = 0; !cancellationToken.IsCancellationRequested; turn++)
        {
            var (users, admin) = (hub.Process.UsersOrigin, hub.Process.AdminOrigin);
            string[] pages =
            [
                $"{users}/", $"{users}/app/alpha/", $"{users}/open/beta/", $"{admin}/", $"{admin}/api/v1/users", $"{admin}/api/v1/instances", $"{admin}/metrics",
                $"{users}/app/gamma/block",
            ];
            string[] sockets = [$"{users}/app/alpha/ws", $"{admin}/_blazor", $"{admin}/hubs/live"];
            await PageAsync(pages[turn % pages.Length], cancellationToken);
            await SocketAsync(sockets[turn % sockets.Length].Replace("http", "ws", StringComparison.Ordinal), users, cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => persona.Dispose();

    private async Task PageAsync(string address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await persona.Http.GetAsync(new Uri(address), patience.Token);
            if (answer.StatusCode < HttpStatusCode.BadRequest)
            {
                hub.History.Violate("I1", Who, $"{address} answered {(int)answer.StatusCode}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // Nothing is an answer, too.
        }
    }

    private async Task SocketAsync(string address, string origin, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var socket = await persona.ConnectAsync(new Uri(address), options => options.SetRequestHeader("Origin", origin), patience.Token);
            hub.History.Violate("I1", Who, $"{address} let the socket in");
        }
        catch (Exception exception) when (exception is WebSocketException or HttpRequestException or IOException or OperationCanceledException)
        {
            // Refused.
        }
    }
}
