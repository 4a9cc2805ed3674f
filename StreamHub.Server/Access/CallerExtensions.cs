using Microsoft.AspNetCore.Http.Features;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Access;

/// <summary>The caller of a request, and views of it.</summary>
internal static class CallerExtensions
{
    /// <summary>Who makes the request.</summary>
    /// <exception cref="InvalidOperationException">The request did not pass <see cref="CallerIdentification"/>.</exception>
    public static Caller Caller(this HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    /// <summary>The authenticated user.</summary>
    /// <exception cref="InvalidOperationException">The caller is a script or unauthenticated: the endpoint lies outside of the gate.</exception>
    public static Visitor Visitor(this HttpContext context) => context.Caller().Visitor ?? throw new InvalidOperationException("The caller is no authenticated user.");

    /// <summary>The configuration by which the request is decided and answered.</summary>
    public static HubConfiguration Configuration(this HttpContext context) => context.Caller().Configuration;
}
