using System.Text.RegularExpressions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Http;

namespace StreamHub.Server.Gateway;

/// <summary>Translates between the addresses that a run knows and those that visitors use.</summary>
/// <param name="visitorOrigin">The origin of the request (RFC 6454).</param>
internal sealed partial class AppMount(App app, AppEndpoint endpoint, string visitorOrigin)
{
    /// <summary>Response headers with addresses.</summary>
    public static readonly IReadOnlyList<string> AddressHeaders = ["Location", "Content-Location", Link, Refresh, "SourceMap"];

    private const string Link = "Link";
    private const string Refresh = "Refresh";

    private readonly string prefix = $"/{app.BasePath}";

    /// <summary>The prefix that the app does not see; null where it sees all of the path.</summary>
    public string? Hidden => app.ServesAtRoot ? prefix : null;

    /// <summary>The request target for the run, byte for byte.</summary>
    public string Target(AppPath path) => (app.ServesAtRoot ? path.Raw[prefix.Length..] : path.Raw) + path.Query;

    /// <summary>
    /// A URI reference of a response (<c>Location</c>): an address of the run's own port becomes a path, because clients cannot reach that port, and a
    /// path of an app at <c>/</c> gets the prefix. Addresses of other hosts and relative ones stay.
    /// </summary>
    public string Outward(string reference)
    {
        if (Behind(reference, RunAuthorities) is { } own)
        {
            var path = own.StartsWith('/') ? own : "/" + own;

            // Alone, "//host" would be another host.
            return Prefixed(path) is var outward && outward is ['/', '/' or '\\', ..] ? visitorOrigin + outward : outward;
        }

        if (!app.ServesAtRoot)
        {
            return reference;
        }

        return reference is ['/', not ('/' or '\\'), ..] or "/" ? Prefixed(reference)
            : Behind(reference, ["//" + Authority(visitorOrigin)]) is { } rest ? reference[..^rest.Length] + Prefixed(rest.StartsWith('/') ? rest : "/" + rest)
            : reference;
    }

    /// <summary>The value of one of the <see cref="AddressHeaders"/>.</summary>
    public string Outward(string header, string value) => header switch
    {
        Link => Links().Replace(value, link => link.Groups[1].Success ? $"<{Outward(link.Groups[1].Value)}>" : link.Value),
        Refresh => RefreshAddress().Replace(value, refresh => refresh.Groups[1].Value + Outward(refresh.Groups[3].Value) + refresh.Groups[4].Value),
        _ => Outward(value),
    };

    /// <summary>The path of a cookie: within the app's own, so that it reaches no other app.</summary>
    public string CookiePath(string path) => IsInside(path) ? path : app.ServesAtRoot ? prefix + path : prefix + "/";

    // The run's port by the names that an app may know for its machine.
    private string[] RunAuthorities => [.. ((string[])["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::]", new HostString(Authority(visitorOrigin)).Host]).Select(host => $"//{host}:{endpoint.Port}")];

    private string Prefixed(string path) => app.ServesAtRoot && !IsInside(path) ? prefix + path : path;

    private bool IsInside(string path) => path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] is '/' or '?' or '#');

    private static string Authority(string origin) => origin[(origin.IndexOf("//", StringComparison.Ordinal) + 2)..];

    /// <summary>What follows one of the authorities in a reference with any scheme or none; null for another host.</summary>
    private static string? Behind(string reference, ReadOnlySpan<string> authorities)
    {
        var start = reference.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? 5 : reference.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? 6 : 0;
        foreach (var authority in authorities)
        {
            var end = start + authority.Length;
            if (string.Compare(reference, start, authority, 0, authority.Length, StringComparison.OrdinalIgnoreCase) == 0 && (end == reference.Length || reference[end] is '/' or '?' or '#'))
            {
                return reference[end..];
            }
        }

        return null;
    }

    // RFC 8288, 3: <address>; parameter="quoted"
    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|<([^>]*)>
        """)]
    private static partial Regex Links();

    // 5; url="address" (html.spec.whatwg.org, shared declarative refresh steps): the separator may be a comma or a blank, and url= is optional.
    [GeneratedRegex("""
        ^([\d.]*(?:\s*[;,]|\s)\s*(?:url\s*=\s*)?(["'])?)(.*?)((?:\2.*)?)$
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RefreshAddress();
}
