namespace StreamHub.Server.Gateway;

/// <summary>Headers that visitors and apps do not get to set: the hub says who asks, and an app does not rule its neighbours.</summary>
internal static class ReservedHeaders
{
    /// <summary>Names by which proxies tell an app who asks, from where and for what; one that ends in '-' is a family.</summary>
    private static readonly string[] Identity =
    [
        "X-StreamHub-", "X-Forwarded-", "X-Original-", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-ProxyUser-IP", "X-Remote-", "X-Rewrite-URL", "X-Auth-", "X-Authenticated-", "X-WebAuth-", "X-Authentik-",
        "X-Goog-Authenticated-", "X-Goog-IAP-", "X-MS-Client-", "X-Amzn-OIDC-", "CF-", "Fastly-Client-", "Fly-Client-", "True-Client-IP", "Client-IP", "Forwarded", "X-Forwarded", "Forwarded-For", "Remote-",
    ];

    /// <summary>Answers that a browser keeps for the whole origin, which is the hub's and that of all apps.</summary>
    private static readonly string[] Origin =
    [
        "Alt-Svc", "Clear-Site-Data", "NEL", "Public-Key-Pins", "Report-To", "Reporting-Endpoints", "Service-Worker-Allowed", "Strict-Transport-Security",
    ];

    /// <summary>Whether a header tells who asks, under this name or one that an app reads as the same: CGI and WSGI take '_' for '-'.</summary>
    public static bool TellsWho(string name)
    {
        var canonical = name.Replace('_', '-');
        return Identity.Any(reserved => reserved.EndsWith('-')
            ? canonical.StartsWith(reserved, StringComparison.OrdinalIgnoreCase)
            : canonical.Equals(reserved, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a browser applies the header to more than the address that sent it.</summary>
    public static bool RulesTheOrigin(string name) => Origin.Contains(name, StringComparer.OrdinalIgnoreCase);
}
