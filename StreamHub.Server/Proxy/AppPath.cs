using System.Buffers;
using System.Text;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Proxy;

/// <summary>
/// The address of an app, read once from the raw request target. What is checked is what is forwarded, byte for byte:
/// a spelling that two programs may decode differently (encoded slashes, dot segments, double encoding) is refused.
/// </summary>
/// <param name="Slug">Which app.</param>
/// <param name="Raw">The path as received, still encoded.</param>
/// <param name="Query">The query as received with its question mark; empty without one.</param>
/// <param name="Rest">The decoded path behind <c>/app/{slug}/</c>.</param>
/// <param name="HasSlash">Whether a slash follows the slug.</param>
internal sealed record AppPath(AppSlug Slug, string Raw, string Query, string Rest, bool HasSlash)
{
    private const string Prefix = "/app/";
    private const int LongestPath = 8 * 1024;

    // Visible ASCII without what no browser leaves unencoded in a path; ';' starts parameters that some servers cut off.
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=:@/%[]|^`{}\"<>");

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a raw request target.</summary>
    /// <param name="target">As on the request line.</param>
    /// <param name="path">The address; null unless valid.</param>
    public static AppPathVerdict Parse(string target, out AppPath? path)
    {
        path = null;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var raw = mark < 0 ? target : target[..mark];
        var query = mark < 0 ? "" : target[mark..];
        if (raw.Length > LongestPath || raw.AsSpan().ContainsAnyExcept(PathCharacters) || raw.Contains("//", StringComparison.Ordinal)
            || query.AsSpan().ContainsAnyExceptInRange('!', '~') || query.Contains('#', StringComparison.Ordinal)
            || !TryDecode(raw, out var decoded))
        {
            return AppPathVerdict.Refused;
        }

        foreach (var segment in decoded.AsSpan().Split('/'))
        {
            if (decoded.AsSpan(segment) is "." or "..")
            {
                return AppPathVerdict.Refused;
            }
        }

        // The slug is compared undecoded: it has one spelling.
        var end = raw.Length > Prefix.Length ? raw.IndexOf('/', Prefix.Length) : -1;
        if (!raw.StartsWith(Prefix, StringComparison.Ordinal)
            || !AppSlug.TryParse(end < 0 ? raw[Prefix.Length..] : raw[Prefix.Length..end], out var slug))
        {
            return AppPathVerdict.NotFound;
        }

        path = new AppPath(slug, raw, query, end < 0 ? "" : decoded[(end + 1)..], end >= 0);
        return AppPathVerdict.Valid;
    }

    /// <summary>Whether the rest of the path is this folder or lies in it.</summary>
    public bool IsUnder(string folder) =>
        Rest.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (Rest.Length == folder.Length || Rest[folder.Length] == '/');

    private static bool TryDecode(string raw, out string decoded)
    {
        decoded = raw;
        if (!raw.Contains('%', StringComparison.Ordinal))
        {
            return true;
        }

        var bytes = new List<byte>(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '%')
            {
                bytes.Add((byte)raw[i]);
                continue;
            }

            if (!TryHex(raw, i, out var value) || value is < 0x20 or 0x7f or (byte)'/' or (byte)'\\' or (byte)';'
                || (value == '%' && TryHex("%" + raw[(i + 3)..], 0, out _)))
            {
                return false;
            }

            bytes.Add(value);
            i += 2;
        }

        try
        {
            decoded = StrictUtf8.GetString([.. bytes]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool TryHex(string text, int percent, out byte value)
    {
        value = 0;
        if (percent + 2 >= text.Length || !char.IsAsciiHexDigit(text[percent + 1]) || !char.IsAsciiHexDigit(text[percent + 2]))
        {
            return false;
        }

        value = Convert.ToByte(text.Substring(percent + 1, 2), 16);
        return true;
    }
}
