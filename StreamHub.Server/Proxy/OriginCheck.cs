using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace StreamHub.Server.Proxy;

/// <summary>
/// Whether a request was made by a page of the host that it asks. Browsers send <c>Origin</c> on every WebSocket and
/// every POST; identity by address is ambient, so a request that carries none changes nothing and opens nothing.
/// </summary>
internal static class OriginCheck
{
    private static readonly SearchValues<char> NeverInOrigin = SearchValues.Create("/?#@\\ ");

    public static bool IsSameOrigin(HttpRequest request) => Matches(request.Headers.Origin, request.Headers.Host);

    /// <summary>Whether the two name the same host and port; a scheme's default port may be left out on either side.</summary>
    public static bool Matches(StringValues origin, StringValues host)
    {
        if (origin.Count != 1 || host.Count != 1 || host[0] is not { Length: > 0 } named || origin[0] is not { } text)
        {
            return false;
        }

        var (length, port) = text switch
        {
            _ when text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) => (7, 80),
            _ when text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) => (8, 443),
            _ => (0, 0),
        };
        if (length == 0 || text.AsSpan(length).ContainsAny(NeverInOrigin))
        {
            return false;
        }

        var left = new HostString(text[length..]);
        var right = new HostString(named);
        return left.Host.Length > 0
            && string.Equals(left.Host, right.Host, StringComparison.OrdinalIgnoreCase)
            && HasReadablePort(left) && HasReadablePort(right)
            && (left.Port ?? port) == (right.Port ?? port);
    }

    // HostString reads "host:" and "host:x" as a host without a port.
    private static bool HasReadablePort(HostString host) =>
        host.Port is not null || string.Equals(host.Value, host.Host, StringComparison.Ordinal);
}
