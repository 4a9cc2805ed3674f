using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using StreamHub.Domain.Runs;
using StreamHub.Server.Processes;

namespace StreamHub.Server.Supervision;

/// <summary>Finds out why a run that has started is not ready.</summary>
internal sealed class StartDiagnosis(IProcessHost host, TimeProvider timeProvider)
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(2);

    /// <param name="listener">The listener on the run's port.</param>
    /// <param name="answer">The status of its last answer; null for none.</param>
    /// <param name="path">The path that was asked.</param>
    public async Task<StartFault> FindAsync(RunMark mark, RunProcess process, ListenerCheck listener, HttpStatusCode? answer, string path, CancellationToken cancellationToken)
    {
        if (answer is { } status)
        {
            return new StartFault(StartFault.Cause.Unhealthy, $"{path} {(int)status}");
        }

        var isReachable = listener is ListenerCheck.Own && await IsReachableAsync(process.Endpoint, cancellationToken);
        if (isReachable)
        {
            return new StartFault(await SpeaksTlsAsync(process.Endpoint, cancellationToken) ? StartFault.Cause.Encrypted : StartFault.Cause.Mute);
        }

        var ends = host.FindListeners(mark, process.Identity);
        return ends.Count == 0 ? new StartFault(StartFault.Cause.Slow) : new StartFault(StartFault.Cause.Elsewhere, string.Join(", ", ends.Select(end => end.ToString()).Order(StringComparer.Ordinal)));
    }

    private static async Task<bool> IsReachableAsync(AppEndpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient(AddressFamily.InterNetwork);
            await client.ConnectAsync(IPAddress.Loopback, endpoint.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<bool> SpeaksTlsAsync(AppEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(HandshakeTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var isSpoken = false;
        try
        {
            using var client = new TcpClient(AddressFamily.InterNetwork);
            await client.ConnectAsync(IPAddress.Loopback, endpoint.Port, either.Token);
            await using var tls = new SslStream(client.GetStream());

            // A certificate says enough: it is not trusted, and nothing is sent.
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, certificate, _, _) => !(isSpoken = certificate is not null) }, either.Token);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Not trusted, or another protocol.
        }

        return isSpoken;
    }
}
