using System.Diagnostics.CodeAnalysis;

namespace StreamHub.Server.Settings;

/// <summary>The address under which people reach a listener where a proxy stands in front of it: an origin (RFC 6454) and no more.</summary>
/// <param name="Origin">As a browser writes it: <c>https://hub.example</c>, the scheme's default port left out.</param>
/// <param name="Host">Its host, as in a <c>Host</c> header.</param>
internal sealed record PublicUrl(string Origin, string Host)
{
    /// <summary>Parses an absolute http or https address without path, query and user.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PublicUrl? url)
    {
        url = null;

        // Not canonicalised, or "/x/.." would be no path; then a fragment is a part of it, too.
        var verbatim = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        if (text.AsSpan().ContainsAny(" \t@\\*") || !Uri.TryCreate(text, verbatim, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.PathAndQuery is not ("" or "/") || uri.Host is "" or "0.0.0.0" or "[::]" || uri.Port == 0)
        {
            return false;
        }

        // Browsers send a name that is not ASCII in its encoded form.
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        url = new PublicUrl($"{uri.Scheme}{Uri.SchemeDelimiter}{(uri.IsDefaultPort ? new HostString(host) : new HostString(host, uri.Port))}", host);
        return true;
    }
}
