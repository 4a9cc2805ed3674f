using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;

namespace StreamHub.Server.Checks;

/// <summary>
/// Records messages that Kestrel rejects before they become requests: too large, too slow or not HTTP. Kestrel reports them as a diagnostic event:
/// https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/diagnostics.
/// </summary>
internal sealed class ProtocolErrors(DiagnosticListener source, ClientAddressResolver addresses, RefusalLog refusals) : IHostedService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = source.Subscribe(this, static name => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // The content of such a message is not trusted, so it counts for the TCP peer. A refusal by the hub itself is reported a second time when
        // the server gives up the rest of the message.
        if (value is { Key: BadRequest, Value: IFeatureCollection features }
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException error
            && features.Get<BadHttpRequestException>() is null
            && features.Get<IHttpConnectionFeature>()?.RemoteIpAddress is { } peer)
        {
            refusals.Note(new Refused(new RefusalKind(addresses.DirectClient(peer), RefusalReason.Message, null), null, $"{error.StatusCode} {error.Message}"));
        }
    }

    public void OnCompleted()
    {
        // The server is disposed.
    }

    public void OnError(Exception error)
    {
        // DiagnosticListener reports no errors.
    }

    public void Dispose() => subscription?.Dispose();
}
