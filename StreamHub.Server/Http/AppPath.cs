using System.Diagnostics.CodeAnalysis;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Http;

/// <summary>The address of an app. What is checked is what is forwarded, byte for byte.</summary>
/// <param name="Raw">The path as received, still encoded.</param>
/// <param name="Query">The query as received with its question mark; empty without one.</param>
/// <param name="Rest">The decoded path behind <c>/app/{slug}/</c>.</param>
/// <param name="HasSlash">Whether a slash follows the slug.</param>
internal sealed record AppPath(AppSlug Slug, string Raw, string Query, string Rest, bool HasSlash)
{
    /// <summary>Reads the address of an app; null when no app can have it.</summary>
    /// <param name="prefix">What stands in the place of <c>/app/</c>.</param>
    public static bool TryRead(RequestTarget target, [NotNullWhen(true)] out AppPath? path, string prefix = RequestTarget.AppPrefix)
    {
        path = null;
        if (target.App is not { } slug || !target.Raw.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        // The slug's spelling is that of the raw path, so its end is the same in both.
        var end = prefix.Length + slug.ToString().Length;
        var hasSlash = end < target.Raw.Length;
        path = new AppPath(
            slug,
            prefix == RequestTarget.AppPrefix ? target.Raw : RequestTarget.AppPrefix + target.Raw[prefix.Length..],
            target.Query,
            hasSlash ? target.Path[(end + 1)..] : "",
            hasSlash);
        return true;
    }

    /// <summary>Whether the rest of the path is this folder or lies in it.</summary>
    public bool IsUnder(string folder) =>
        Rest.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (Rest.Length == folder.Length || Rest[folder.Length] == '/');
}
