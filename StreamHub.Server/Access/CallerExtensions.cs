using Microsoft.AspNetCore.Http.Features;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Access;

/// <summary>Access to the caller of a request.</summary>
internal static class CallerExtensions
{
    /// <exception cref="InvalidOperationException">The request did not pass <see cref="CallerIdentification"/>.</exception>
    public static Caller Caller(this HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    /// <exception cref="InvalidOperationException">The caller is a script or unauthenticated: the endpoint is not behind the gate.</exception>
    public static Visitor Visitor(this HttpContext context) => context.Caller().Visitor ?? throw new InvalidOperationException("The caller is not an authenticated user.");

    /// <summary>The configuration that decides this request.</summary>
    public static HubConfiguration Configuration(this HttpContext context) => context.Caller().Configuration;
}
