using Microsoft.AspNetCore.Http.Features;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Access;

/// <summary>Who a request comes from.</summary>
internal static class VisitorExtensions
{
    /// <summary>The visitor that the gate let in.</summary>
    /// <exception cref="InvalidOperationException">The request did not pass the gate.</exception>
    public static Visitor Visitor(this HttpContext context) => context.Features.GetRequiredFeature<Visitor>();

    /// <summary>
    /// The configuration that the gate decided on. What is said to the visitor goes by the same one: users of one moment and apps of
    /// the next would make an answer that was right at no time.
    /// </summary>
    /// <exception cref="InvalidOperationException">The request did not pass the gate.</exception>
    internal static HubConfiguration Configuration(this HttpContext context) => context.Features.GetRequiredFeature<HubConfiguration>();
}
