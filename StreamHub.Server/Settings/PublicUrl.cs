using System.Diagnostics.CodeAnalysis;

namespace StreamHub.Server.Settings;

/// <summary>The public URL of a listener behind a proxy: an origin (RFC 6454) without path.</summary>
/// <param name="Origin">As browsers write it: <c>https://hub.example</c>, without the default port of the scheme.</param>
/// <param name="Host">As in a <c>Host</c> header.</param>
internal sealed record PublicUrl(string Origin, string Host)
{
    /// <summary>Parses an absolute http or https URL without path, query and user.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PublicUrl? url)
    {
        url = null;

        // Canonicalisation would remove "/x/..". Without it a fragment is part of the path.
        var verbatim = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        if (text.AsSpan().ContainsAny(" \t@\\*") || !Uri.TryCreate(text, verbatim, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.PathAndQuery is not ("" or "/") || uri.Host is "" or "0.0.0.0" or "[::]" || uri.Port == 0)
        {
            return false;
        }

        // Browsers send non-ASCII host names in their IDN form.
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        url = new PublicUrl($"{uri.Scheme}{Uri.SchemeDelimiter}{(uri.IsDefaultPort ? new HostString(host) : new HostString(host, uri.Port))}", host);
        return true;
    }
}
