using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Apps;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Serves Streamlit's own web files from disk, compressed. Streamlit never compresses them, and each one costs its single thread
/// more than a millisecond.
/// </summary>
internal sealed class StreamlitAssets(StreamlitFolders foldersOf, HubSettings settings) : IDisposable
{
    /// <summary>A larger file is sent as it is.</summary>
    internal const long LargestCompressed = 16 * 1024 * 1024;

    private const long CacheLimit = 64 * 1024 * 1024;
    private const int LargestPage = 64 * 1024;

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private readonly RunFolders runFolders = new(settings);
    private readonly CompressedFiles compressed = new(CacheLimit);

    /// <summary>Answers a request for <c>static/…</c>; null to forward it to the app.</summary>
    public IResult? Serve(App app, AppPath path, HttpRequest request)
    {
        if (!path.IsPlain || !path.Rest.StartsWith("static/", StringComparison.Ordinal) || foldersOf(app) is not { Count: > 0 } folders)
        {
            return null;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return Results.StatusCode(StatusCodes.Status405MethodNotAllowed);
        }

        foreach (var folder in folders)
        {
            // ':' would be a drive or an alternate stream on Windows; a plain path has no dot segments and no backslashes.
            var root = Path.GetFullPath(folder.Path) + Path.DirectorySeparatorChar;
            var file = new FileInfo(Path.GetFullPath(Path.Combine(root, path.Rest)));
            if (!path.Rest.Contains(':', StringComparison.Ordinal) && file.FullName.StartsWith(root, StringComparison.Ordinal) && file.Exists)
            {
                return TryServe(folder, file, request);
            }
        }

        // Streamlit would answer with its page. What the interpreter said may be out of date: then the app has to answer.
        return folders.Any(static folder => folder.IsOfRun) ? Results.NotFound() : null;
    }

    /// <summary>Paths of the first files that the app's page loads; empty when its Streamlit is unknown.</summary>
    public IReadOnlyList<string> FirstFiles(App app)
    {
        if (foldersOf(app) is not [var folder, ..])
        {
            return [];
        }

        try
        {
            using var file = Open(folder, Path.Combine(folder.Path, "index.html"));
            var page = file is null ? [] : RegularFile.Read(file, from: 0, LargestPage);
            return [.. StreamlitPages.References(page).Select(reference => $"/{app.BasePath}/{reference}").Distinct(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Dispose() => compressed.Dispose();

    /// <summary>
    /// Opens a file of the folder; null for a link out of it and for the hub's own files. The app can write in the folder, and the
    /// hub can read files that are closed to the app; so the app answers for everything else, with its own permissions.
    /// </summary>
    private FileStream? Open(StreamlitFolder folder, string file)
    {
        var root = RealPath.Of(folder.Path) ?? folder.Path;
        return RegularFile.Open(file, real => RealPath.IsInside(real, root) && (folder.IsCopy || runFolders.CanRead(real)));
    }

    private IResult? TryServe(StreamlitFolder folder, FileInfo file, HttpRequest request)
    {
        try
        {
            return Open(folder, file.FullName) is { } opened ? Serve(file, opened, request) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An upgrade of Streamlit may hold the file open.
            return null;
        }
    }

    private IResult Serve(FileInfo file, FileStream opened, HttpRequest request)
    {
        var written = File.GetLastWriteTimeUtc(opened.SafeFileHandle);
        var type = ContentTypes.TryGetContentType(file.Name, out var known) ? known : "application/octet-stream";
        var tag = $"{written.Ticks:x}-{opened.Length:x}";
        var encoding = IsCompressible(type) && opened.Length <= LargestCompressed ? AcceptedEncoding(request) : null;
        var bytes = encoding is null ? null : Compress(opened, file.FullName, encoding);

        var headers = request.HttpContext.Response.Headers;
        SecurityHeaders.Forget(headers);
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        if (bytes is null)
        {
            return Results.Stream(opened, type, lastModified: new DateTimeOffset(written), entityTag: new EntityTagHeaderValue($"\"{tag}\""), enableRangeProcessing: true);
        }

        headers.ContentEncoding = encoding;
        return Results.Bytes(bytes, type, entityTag: new EntityTagHeaderValue($"\"{tag}-{encoding}\""));
    }

    private byte[] Compress(FileStream opened, string name, string encoding)
    {
        using (opened)
        {
            return compressed.Read(opened, name, encoding);
        }
    }

    // Browsers offer br on secure origins only, so plain HTTP needs gzip.
    private static string? AcceptedEncoding(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        return Accepts("br") ? "br" : Accepts("gzip") ? "gzip" : null;

        bool Accepts(string encoding) => accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);
    }

    private static bool IsCompressible(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type is "application/javascript" or "application/json"
            or "application/manifest+json" or "application/wasm" or "image/svg+xml" or "application/x-font-ttf";
}
