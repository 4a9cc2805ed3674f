namespace StreamHub.Server.Telemetry;

/// <summary>Registers this folder.</summary>
internal static class TelemetryFeature
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services;
}
