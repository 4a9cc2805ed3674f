using System.Diagnostics.CodeAnalysis;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Http;

/// <summary>The address of an app. What is checked is what is forwarded, byte for byte.</summary>
/// <param name="Slug">The app.</param>
/// <param name="Raw">The path as received, still encoded.</param>
/// <param name="Query">The query as received with its question mark; empty without one.</param>
/// <param name="Rest">The decoded path behind <c>/app/{slug}/</c>.</param>
/// <param name="HasSlash">Whether a slash follows the slug.</param>
internal sealed record AppPath(AppSlug Slug, string Raw, string Query, string Rest, bool HasSlash)
{
    private const string AppPrefix = "/app/";

    /// <summary>Reads the address of an app; null when no app can have it.</summary>
    /// <param name="target">The request target.</param>
    /// <param name="path">The address.</param>
    /// <param name="prefix">What stands in the place of <c>/app/</c>.</param>
    public static bool TryRead(RequestTarget target, [NotNullWhen(true)] out AppPath? path, string prefix = AppPrefix)
    {
        path = null;
        var (raw, query, decoded) = target;

        // The slug is compared undecoded: it has one spelling.
        if (!raw.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = raw[prefix.Length..];
        var end = rest.IndexOf('/', StringComparison.Ordinal);
        if (!AppSlug.TryParse(end < 0 ? rest : rest[..end], out var slug))
        {
            return false;
        }

        path = new AppPath(
            slug,
            ReferenceEquals(prefix, AppPrefix) ? raw : AppPrefix + rest,
            query,
            end < 0 ? "" : decoded[(prefix.Length + end + 1)..],
            end >= 0);
        return true;
    }

    /// <summary>Whether the rest of the path is this folder or lies in it.</summary>
    public bool IsUnder(string folder) =>
        Rest.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (Rest.Length == folder.Length || Rest[folder.Length] == '/');
}
