using Microsoft.AspNetCore.Http.Features;

namespace StreamHub.Server.Access;

/// <summary>Who a request comes from.</summary>
public static class VisitorExtensions
{
    /// <summary>The visitor that the gate let in.</summary>
    /// <exception cref="InvalidOperationException">The request did not pass the gate.</exception>
    public static Visitor Visitor(this HttpContext context) => context.Features.GetRequiredFeature<Visitor>();
}
