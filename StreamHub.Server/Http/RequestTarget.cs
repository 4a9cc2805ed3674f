using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Http;

/// <summary>
/// A request target (RFC 9112, 3.2.1), decoded once. Targets that two programs may decode differently (encoded slashes, dot segments, double
/// encoding, an absolute form with another host) are rejected, except behind an app's slug: from there on the spelling is the app's matter.
/// </summary>
/// <param name="Raw">The path as received, still percent-encoded.</param>
/// <param name="Query">The query as received with its question mark; empty without one.</param>
/// <param name="Path">The decoded path; of an ambiguous one, one of its readings.</param>
/// <param name="IsPlain">Whether every program decodes the path alike.</param>
internal sealed record RequestTarget(string Raw, string Query, string Path, bool IsPlain)
{
    /// <summary>The path prefix of apps.</summary>
    public const string AppPrefix = "/app/";

    /// <summary>The path prefix of the frame around an app.</summary>
    public const string ShellPrefix = "/open/";

    // Visible ASCII except characters that browsers always encode in a path, and ';', where some servers cut parameters off.
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=:@/%[]|^`{}\"<>");

    /// <summary>The app in the path; it may not exist. Compared undecoded: a slug has one spelling.</summary>
    public AppSlug? App { get; } = AppOf(Raw);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Parses the target of a request line.</summary>
    /// <param name="read">Null when the target is ambiguous.</param>
    /// <param name="holdsNames">Whether segments may be user names with any characters; an encoded <c>;</c> or <c>%</c> is then accepted.</param>
    public static bool TryRead(string target, [NotNullWhen(true)] out RequestTarget? read, bool holdsNames = false)
    {
        read = null;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var raw = mark < 0 ? target : target[..mark];
        var query = mark < 0 ? "" : target[mark..];
        if (!raw.StartsWith('/') || target.AsSpan().ContainsAnyExceptInRange('!', '~') || target.Contains('#', StringComparison.Ordinal))
        {
            return false;
        }

        if (TryReadPlain(raw, holdsNames, out var decoded))
        {
            read = new RequestTarget(raw, query, decoded, IsPlain: true);
            return true;
        }

        // The admin listener has no apps.
        if (holdsNames || AppOf(raw) is null || (raw.StartsWith(ShellPrefix, StringComparison.Ordinal) && IsChangedByBrowsers(raw)))
        {
            return false;
        }

        read = new RequestTarget(raw, query, PercentEncoding.Decode(raw), IsPlain: false);
        return true;
    }

    private static bool TryReadPlain(string raw, bool holdsNames, out string decoded)
    {
        decoded = "";
        if (raw.AsSpan().ContainsAnyExcept(PathCharacters) || raw.Contains("//", StringComparison.Ordinal) || !TryDecode(raw, holdsNames, out decoded))
        {
            return false;
        }

        foreach (var segment in decoded.AsSpan().Split('/'))
        {
            if (decoded.AsSpan(segment) is "." or "..")
            {
                return false;
            }
        }

        return true;
    }

    // The frame's source is read by a browser: a backslash becomes a slash, dot segments are resolved, and the app would be another one
    // (url.spec.whatwg.org, path state).
    private static bool IsChangedByBrowsers(string raw) =>
        raw.Contains('\\', StringComparison.Ordinal) || raw.Split('/').Any(static segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");

    private static AppSlug? AppOf(string raw)
    {
        var start = raw.StartsWith(AppPrefix, StringComparison.Ordinal) ? AppPrefix.Length : raw.StartsWith(ShellPrefix, StringComparison.Ordinal) ? ShellPrefix.Length : 0;
        var end = start == 0 ? 0 : raw.IndexOf('/', start);
        return start > 0 && AppSlug.TryParse(end < 0 ? raw[start..] : raw[start..end], out var slug) ? slug : null;
    }

    private static bool TryDecode(string raw, bool holdsNames, out string decoded)
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

            if (!PercentEncoding.TryRead(raw, i, out var value) || value is < 0x20 or 0x7f or (byte)'/' or (byte)'\\' || (value == (byte)';' && !holdsNames))
            {
                return false;
            }

            bytes.Add(value);
            i += 2;
        }

        try
        {
            decoded = StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        // A decoded text that could be decoded again was encoded twice.
        for (var percent = decoded.IndexOf('%', StringComparison.Ordinal); percent >= 0 && !holdsNames; percent = decoded.IndexOf('%', percent + 1))
        {
            if (PercentEncoding.TryRead(decoded, percent, out _))
            {
                return false;
            }
        }

        return true;
    }
}
