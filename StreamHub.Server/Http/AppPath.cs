using System.Diagnostics.CodeAnalysis;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Http;

/// <summary>The path of an app. The checked path is forwarded byte for byte.</summary>
/// <param name="Raw">The path as received, still percent-encoded.</param>
/// <param name="Query">The query as received with its question mark; empty without one.</param>
/// <param name="Rest">The decoded path after <c>/app/{slug}/</c>.</param>
/// <param name="HasSlash">Whether a slash follows the slug.</param>
internal sealed record AppPath(AppSlug Slug, string Raw, string Query, string Rest, bool HasSlash)
{
    /// <summary>Parses the path of an app; false when it cannot be one.</summary>
    /// <param name="prefix">The prefix instead of <c>/app/</c>.</param>
    public static bool TryRead(RequestTarget target, [NotNullWhen(true)] out AppPath? path, string prefix = RequestTarget.AppPrefix)
    {
        path = null;
        if (target.App is not { } slug || !target.Raw.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        // A slug is never percent-encoded, so its end is at the same index in the raw and the decoded path.
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

    /// <summary>The address of the app itself, outside of the frame.</summary>
    public string Bare => Raw + (HasSlash ? "" : "/") + Query;

    /// <summary>The address of the frame around this page of the app.</summary>
    public string Framed => RequestTarget.ShellPrefix + Bare[RequestTarget.AppPrefix.Length..];

    /// <summary>Whether the rest of the path is this folder or below it.</summary>
    public bool IsUnder(string folder) =>
        Rest.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (Rest.Length == folder.Length || Rest[folder.Length] == '/');
}
