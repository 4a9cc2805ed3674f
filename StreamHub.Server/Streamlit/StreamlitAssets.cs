using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Apps;
using StreamHub.Server.Gateway;
using StreamHub.Server.Http;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Serves Streamlit's own web files from disk, compressed once. Streamlit never compresses them, and each one costs
/// its single thread more than a millisecond.
/// </summary>
internal sealed partial class StreamlitAssets(StreamlitStaticFolder folderOf)
{
    private const long CacheLimit = 64 * 1024 * 1024;

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private readonly ConcurrentDictionary<Key, Lazy<byte[]>> cache = new();
    private long cached;

    /// <summary>Answers a request for <c>static/…</c>; null when the app has to.</summary>
    public IResult? Serve(App app, AppPath path, HttpRequest request)
    {
        if (app.Runtime is not AppRuntime.Streamlit || !path.Rest.StartsWith("static/", StringComparison.Ordinal)
            || folderOf(app) is not { } folder)
        {
            return null;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return Results.StatusCode(StatusCodes.Status405MethodNotAllowed);
        }

        // ':' would be a drive or an alternate stream on Windows; dot segments and backslashes never come this far.
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var file = new FileInfo(Path.GetFullPath(Path.Combine(root, path.Rest)));
        if (path.Rest.Contains(':', StringComparison.Ordinal) || !file.FullName.StartsWith(root, StringComparison.Ordinal) || !file.Exists)
        {
            return Results.NotFound();
        }

        var headers = request.HttpContext.Response.Headers;
        SecurityHeaders.Forget(headers);
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        var type = ContentTypes.TryGetContentType(file.Name, out var known) ? known : "application/octet-stream";
        var tag = $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}";
        if (IsCompressible(type) && Encoding(request) is { } encoding && Compressed(file, encoding) is { } bytes)
        {
            headers.ContentEncoding = encoding;
            return Results.Bytes(bytes, type, entityTag: new EntityTagHeaderValue($"\"{tag}-{encoding}\""));
        }

        return Results.File(file.FullName, type, entityTag: new EntityTagHeaderValue($"\"{tag}\""), enableRangeProcessing: true);
    }

    /// <summary>The files that the app's page asks for first, as addresses; empty when the folder is unknown.</summary>
    public IReadOnlyList<string> FirstFiles(App app)
    {
        if (app.Runtime is not AppRuntime.Streamlit || folderOf(app) is not { } folder)
        {
            return [];
        }

        try
        {
            var page = File.ReadAllText(Path.Combine(folder, "index.html"));
            return [.. Reference().Matches(page).Select(match => $"/{app.BasePath}/{match.Groups[1].Value}").Distinct(StringComparer.Ordinal)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    // Browsers offer br on secure origins only, so plain HTTP needs gzip.
    private static string? Encoding(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        return Accepts("br") ? "br" : Accepts("gzip") ? "gzip" : null;

        bool Accepts(string encoding) => accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);
    }

    private static bool IsCompressible(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type is "application/javascript" or "application/json"
            or "application/manifest+json" or "application/wasm" or "image/svg+xml" or "application/x-font-ttf";

    private byte[]? Compressed(FileInfo file, string encoding)
    {
        var key = new Key(file.FullName, file.LastWriteTimeUtc.Ticks, encoding);
        if (!cache.ContainsKey(key) && Interlocked.Read(ref cached) > CacheLimit)
        {
            return null;
        }

        return cache.GetOrAdd(key, static (key, assets) => new Lazy<byte[]>(() => assets.Compress(key)), this).Value;
    }

    private byte[] Compress(Key key)
    {
        using var target = new MemoryStream();
        using (Stream encoder = key.Encoding == "br"
            ? new BrotliStream(target, new BrotliCompressionOptions { Quality = 5 }, leaveOpen: true)
            : new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        using (var source = File.OpenRead(key.File))
        {
            source.CopyTo(encoder);
        }

        Interlocked.Add(ref cached, target.Length);
        return target.ToArray();
    }

    [GeneratedRegex("(?:src|href)=\"\\./(static/[\\w./-]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    private readonly record struct Key(string File, long Written, string Encoding);
}
