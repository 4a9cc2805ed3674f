using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server;

/// <summary>What a hub under test has otherwise than the product; its pipeline is always the product's.</summary>
/// <param name="Replace">Services in the place of the hub's own.</param>
internal sealed record HubVariant(
    Func<HubSettings, HubSettings>? Adjust = null, Action<IServiceCollection>? Replace = null, Action<IEndpointRouteBuilder>? Map = null);
