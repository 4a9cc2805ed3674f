using System.Net;

namespace StreamHub.Server.Settings;

/// <summary>
/// Settings that are ASP.NET Core's own and of use elsewhere, but open or expose a hub that tells people by their
/// addresses. A hub that has one does not start.
/// </summary>
internal static class InsecureSettings
{
    /// <summary>What must be set otherwise: for each a line that says so to the operator.</summary>
    /// <param name="configuration">The whole configuration, with what the environment says of <c>ASPNETCORE_</c>.</param>
    public static IEnumerable<string> Find(IConfiguration configuration, string environment, HubSettings settings)
    {
        if (IsTrue(configuration["ForwardedHeaders_Enabled"]))
        {
            yield return "ASPNETCORE_FORWARDEDHEADERS_ENABLED: 'true' lets everybody say which address they come from. Remove it, and name your proxies in StreamHub:KnownProxies.";
        }

        if (configuration["AllowedHosts"] is { } hosts && hosts.Contains('*', StringComparison.Ordinal))
        {
            yield return $"AllowedHosts: '{hosts}' stands for names that are not this machine's. Remove it: the machine's own names are accepted anyway, and further ones are listed in StreamHub:AllowedHosts.";
        }

        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().FirstOrDefault() is { } endpoint)
        {
            yield return $"{endpoint.Path}: the hub has two listeners and no other. Remove it, and use StreamHub:Listen:Users and StreamHub:Listen:Admin.";
        }

        if (new[] { settings.UsersListener, settings.AdminListener }.FirstOrDefault(listener => !IPAddress.IsLoopback(listener.Address)) is not { } reached)
        {
            yield break;
        }

        if (IsTrue(configuration[WebHostDefaults.DetailedErrorsKey]))
        {
            yield return $"ASPNETCORE_DETAILEDERRORS: 'true' shows the hub's inner workings to everybody who reaches http://{reached}. Remove it, or listen on 127.0.0.1.";
        }

        if (environment.Equals(Environments.Development, StringComparison.OrdinalIgnoreCase))
        {
            yield return $"ASPNETCORE_ENVIRONMENT: '{environment}' is for a hub that others do not reach, and they reach http://{reached}. Remove it, or listen on 127.0.0.1.";
        }
    }

    private static bool IsTrue(string? value) => value is "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
