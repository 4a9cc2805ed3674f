using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Supervision;

/// <summary>Polls a starting run until it answers on its own loopback listener.</summary>
internal sealed class ReadinessProbe(IProcessHost host, RuntimeAdapters runtimes, RunReports reports, StartFaults faults, RunSecrets secrets, HubSettings settings, SteadyClock clock) : IDisposable
{
    // A visitor waits for the result: a short interval is worth its cost.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly StartDiagnosis diagnosis = new(host, clock.TimeProvider);

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    { Timeout = settings.Checks.AnswerPatience };

    /// <summary>Returns null when the run is ready; otherwise why it must never serve.</summary>
    public async Task<string?> WaitAsync(RunMark mark, RunProcess process, App app, CancellationToken cancellationToken)
    {
        var runtime = runtimes.Of(app);
        var address = new Uri(process.Endpoint.Origin + runtime.ReadinessPath(app));
        var (begun, looked, told) = (clock.TimeProvider.GetTimestamp(), clock.TimeProvider.GetTimestamp(), clock.TimeProvider.GetTimestamp());
        while (true)
        {
            // A refused connection costs microseconds; a scan of all sockets and processes of the machine costs milliseconds.
            // The scan still runs each second: an app may listen on an address other than loopback.
            if (!await ListensAsync(process.Endpoint, cancellationToken) && clock.TimeProvider.GetElapsedTime(looked) < LookInterval)
            {
                await Task.Delay(Interval, clock.TimeProvider, cancellationToken);
                continue;
            }

            looked = clock.TimeProvider.GetTimestamp();
            var listener = host.CheckListener(mark, process.Identity, process.Endpoint.Port);
            using var answer = listener is ListenerCheck.Own ? await AskAsync(address, secrets.Pairing(mark.Run), cancellationToken) : null;
            switch (listener)
            {
                case ListenerCheck.Own when answer?.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.BadRequest:
                    reports.Keep(mark.Run, app.Slug, runtime.ReadReport(answer));
                    return null;
                case ListenerCheck.Exposed:
                    faults.Set(mark.Run, new StartFault(StartFault.Cause.Exposed));
                    return $"StreamHub ended this app: it listens on port {process.Endpoint.Port} of an address that other machines reach. It must listen on 127.0.0.1 only.";
                case ListenerCheck.Foreign:
                    faults.Set(mark.Run, new StartFault(StartFault.Cause.PortTaken, process.Endpoint.Port.ToString(CultureInfo.InvariantCulture)));
                    return $"StreamHub ended this app: another program listens on port {process.Endpoint.Port}, which the app was given.";
            }

            if (clock.TimeProvider.GetElapsedTime(begun) > settings.Checks.UsualStart && clock.TimeProvider.GetElapsedTime(told) >= LookInterval)
            {
                faults.Set(mark.Run, await diagnosis.FindAsync(mark, process, listener, answer?.StatusCode, address.AbsolutePath, cancellationToken));
                told = clock.TimeProvider.GetTimestamp();
            }

            // A delay instead of a periodic timer: a timer that is always due would leave no pause after a long scan.
            await Task.Delay(Interval, clock.TimeProvider, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static async Task<bool> ListensAsync(AppEndpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, endpoint.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<HttpResponseMessage?> AskAsync(Uri address, string pairing, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { PairingNames.Header, pairing } } };
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
