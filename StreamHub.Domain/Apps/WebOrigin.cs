using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamHub.Domain.Apps;

/// <summary>
/// The origin of a site (RFC 6454) as a source of a content security policy: <c>https://intranet.example</c>, or all hosts below one:
/// <c>https://*.intranet.example</c> (Content Security Policy 3, 2.3.1; an IPv6 address is none).
/// </summary>
public readonly partial record struct WebOrigin
{
    private readonly string? value;

    private WebOrigin(string value) => this.value = value;

    /// <summary>The expected format, for messages.</summary>
    public static string Expected => "a site such as https://intranet.example, https://*.intranet.example or http://box:8080, without a path";

    /// <summary>Parses an http or https origin; its spelling becomes the one of browsers.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out WebOrigin origin)
    {
        origin = default;
        if (Parts().Match(text?.ToLowerInvariant() ?? "") is not { Success: true } parts || parts.Groups["host"].Length > 253)
        {
            return false;
        }

        var (scheme, port) = (parts.Groups["scheme"].Value, parts.Groups["port"].Value);
        if (port.Length > 0 && int.Parse(port, CultureInfo.InvariantCulture) > ushort.MaxValue)
        {
            return false;
        }

        var isUsual = port.Length == 0 || port == (scheme == "https" ? "443" : "80");
        origin = new WebOrigin($"{scheme}://{parts.Groups["host"].Value}{(isUsual ? "" : ":" + port)}");
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => value ?? "";

    // Below one label alone, as in https://*.com, would be everybody.
    [GeneratedRegex(@"^(?<scheme>https?)://(?<host>(?:\*\.(?=[^.]+\.))?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*)(?::(?<port>[1-9][0-9]{0,4}))?/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();
}
