using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace StreamHub.Tests.Components;

/// <summary>Names the two addresses of a hub and listens at none: parts of a page are shown without anybody's request.</summary>
internal sealed class NoServer : IServer
{
    public NoServer()
    {
        var addresses = new ServerAddressesFeature();
        addresses.Addresses.Add("http://127.0.0.1:8080");
        addresses.Addresses.Add("http://127.0.0.1:8081");
        Features.Set<IServerAddressesFeature>(addresses);
    }

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }
}
