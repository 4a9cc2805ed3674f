namespace StreamHub.Server.Gateway;

/// <summary>Headers that visitors and apps cannot set: the hub names the visitor, and an app has no say over its neighbours.</summary>
internal static class ReservedHeaders
{
    /// <summary>Headers in which proxies tell an app about the client and the request; a name that ends in '-' is a prefix.</summary>
    private static readonly string[] Identity =
    [
        "X-StreamHub-", "X-Forwarded-", "X-Original-", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-ProxyUser-IP", "X-Remote-", "X-Rewrite-URL", "X-Auth-", "X-Authenticated-", "X-WebAuth-", "X-Authentik-",
        "X-Goog-Authenticated-", "X-Goog-IAP-", "X-MS-Client-", "X-Amzn-OIDC-", "CF-", "Fastly-Client-", "Fly-Client-", "True-Client-IP", "Client-IP", "Forwarded", "X-Forwarded", "Forwarded-For", "Remote-",
    ];

    /// <summary>Response headers that a browser applies to the whole origin, which the hub and all apps share.</summary>
    private static readonly string[] Origin =
    [
        "Alt-Svc", "Clear-Site-Data", "NEL", "Public-Key-Pins", "Report-To", "Reporting-Endpoints", "Service-Worker-Allowed", "Strict-Transport-Security",
    ];

    /// <summary>Whether a header names the client, in this spelling or one that an app reads as the same: CGI and WSGI take '_' for '-'.</summary>
    public static bool NamesClient(string name)
    {
        var canonical = name.Replace('_', '-');
        return Identity.Any(reserved => reserved.EndsWith('-')
            ? canonical.StartsWith(reserved, StringComparison.OrdinalIgnoreCase)
            : canonical.Equals(reserved, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a browser applies the header to more than the address that sent it.</summary>
    public static bool AffectsOrigin(string name) => Origin.Contains(name, StringComparer.OrdinalIgnoreCase);
}
