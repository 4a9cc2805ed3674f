using Microsoft.AspNetCore.Http.Features;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>Assigns endpoints to listeners.</summary>
internal static class ListenerExtensions
{
    /// <summary>The listener that accepted this request's connection.</summary>
    /// <exception cref="InvalidOperationException">The connection was not accepted by one of the hub's listeners.</exception>
    public static Listener Listener(this HttpContext context) =>
        context.Features.GetRequiredFeature<ListenerInfo>().Listener;

    /// <summary>
    /// Serves the endpoints on this listener only. The default is the admin listener.
    /// </summary>
    public static TBuilder OnListener<TBuilder>(this TBuilder builder, params Listener[] listeners)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new ListenerMetadata(listeners)));
        return builder;
    }
}
