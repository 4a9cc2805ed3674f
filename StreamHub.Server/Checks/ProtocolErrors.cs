using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;

namespace StreamHub.Server.Checks;

/// <summary>
/// Writes down what the server refuses before it is a request: too large, too slow, or no HTTP at all. It tells by a
/// diagnostic event: https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/diagnostics.
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
        // Nothing that such a message says is believed, so it counts for the other end of the connection. What was refused by
        // the hub itself comes once more, when the server gives up the rest of it.
        if (value is { Key: BadRequest, Value: IFeatureCollection features }
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException error
            && features.Get<BadHttpRequestException>() is null
            && features.Get<IHttpConnectionFeature>()?.RemoteIpAddress is { } peer)
        {
            refusals.Note(new Refused(new Refused.Sort(addresses.DirectClient(peer), RefusalReason.Message, null), null, $"{error.StatusCode} {error.Message}"));
        }
    }

    public void OnCompleted()
    {
        // The server is gone.
    }

    public void OnError(Exception error)
    {
        // There is nobody to tell.
    }

    public void Dispose() => subscription?.Dispose();
}
