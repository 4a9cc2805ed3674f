using System.Net;

namespace StreamHub.Server.Settings;

/// <summary>
/// Settings of ASP.NET Core that are useful elsewhere but insecure for a hub that identifies people by their addresses. The hub refuses to start
/// with one of them.
/// </summary>
internal static class InsecureSettings
{
    /// <summary>Finds them: a line for the operator for each.</summary>
    /// <param name="configuration">The whole configuration, <c>ASPNETCORE_</c> variables included.</param>
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
