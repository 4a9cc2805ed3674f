namespace StreamHub.Server.Gateway;

/// <summary>Headers that clients and apps cannot set: the hub sets the visitor's identity, and an app must not affect other apps.</summary>
internal static class ReservedHeaders
{
    /// <summary>Request headers with the identity of the client and the request; a name that ends in '-' is a prefix.</summary>
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

    /// <summary>Whether a header identifies the client, in any spelling that an app treats as equal: CGI and WSGI read '_' as '-'.</summary>
    public static bool NamesClient(string name)
    {
        var canonical = name.Replace('_', '-');
        return Identity.Any(reserved => reserved.EndsWith('-')
            ? canonical.StartsWith(reserved, StringComparison.OrdinalIgnoreCase)
            : canonical.Equals(reserved, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a browser applies the header beyond the URL that sent it.</summary>
    public static bool AffectsOrigin(string name) => Origin.Contains(name, StringComparer.OrdinalIgnoreCase);
}
