using System.Diagnostics.CodeAnalysis;
using StreamHub.Domain.Apps;

namespace StreamHub.Server.Http;

/// <summary>The path of an app. The checked path is forwarded byte for byte.</summary>
/// <param name="Raw">The path as received, still percent-encoded.</param>
/// <param name="Query">The query as received with its question mark; empty without one.</param>
/// <param name="Rest">The decoded path after <c>/app/{slug}/</c>; of an ambiguous one, one of its readings.</param>
/// <param name="HasSlash">Whether a slash follows the slug.</param>
/// <param name="IsPlain">Whether every program decodes the path alike.</param>
internal sealed record AppPath(AppSlug Slug, string Raw, string Query, string Rest, bool HasSlash, bool IsPlain = true)
{
    private const int Readings = 4;

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
            hasSlash,
            target.IsPlain);
        return true;
    }

    /// <summary>The address of the app itself, outside of the frame.</summary>
    public string Bare => Raw + (HasSlash ? "" : "/") + Query;

    /// <summary>The address of the frame around this page of the app.</summary>
    public string Framed => RequestTarget.ShellPrefix + Bare[RequestTarget.AppPrefix.Length..];

    /// <summary>Whether the rest of the path is this folder or below it.</summary>
    public bool IsUnder(string folder) => IsUnder(Rest, folder);

    /// <summary>Whether a program may take the rest of the path for this folder or for something below it.</summary>
    public bool MayMean(string folder)
    {
        if (IsPlain)
        {
            return IsUnder(folder);
        }

        // Some programs decode twice, cut parameters off, take a backslash for a slash, drop empty segments or resolve dot segments.
        var reading = Rest;
        for (var i = 0; i < Readings; i++)
        {
            if (IsUnder(reading, folder) || IsUnder(Resolved(reading), folder))
            {
                return true;
            }

            reading = PercentEncoding.Decode(reading);
        }

        return false;
    }

    private static bool IsUnder(string rest, string folder) =>
        rest.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (rest.Length == folder.Length || rest[folder.Length] == '/');

    private static string Resolved(string rest)
    {
        var segments = new List<string>();
        foreach (var segment in rest.Split('/', '\\').Select(static segment => segment.Split(';')[0].TrimEnd('\0')))
        {
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(segment);
            }
        }

        return string.Join('/', segments);
    }
}
