using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.Extensions.Caching.Memory;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Streamlit;

/// <summary>Compresses files once. The least recently used results are evicted.</summary>
/// <param name="limit">Maximum bytes of stored results.</param>
internal sealed class CompressedFiles(long limit) : IDisposable
{
    private readonly MemoryCache results = new(new MemoryCacheOptions { SizeLimit = limit, CompactionPercentage = 0.25 });

    // Pages that open simultaneously request the same files.
    private readonly ConcurrentDictionary<Key, Lazy<byte[]>> underWay = new();

    /// <summary>The compressed content; the encoding is <c>br</c> or <c>gzip</c>.</summary>
    /// <exception cref="IOException">The file is unreadable at the moment. The next call retries.</exception>
    public byte[] Read(FileStream file, string name, string encoding)
    {
        var key = new Key(name, File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks, file.Length, encoding);
        if (results.TryGetValue(key, out byte[]? known))
        {
            return known!;
        }

        try
        {
            return underWay.GetOrAdd(key, key => new Lazy<byte[]>(() => Compress(key, file))).Value;
        }
        finally
        {
            underWay.TryRemove(key, out _);
        }
    }

    public void Dispose() => results.Dispose();

    private byte[] Compress(Key key, FileStream file)
    {
        using var target = new MemoryStream();
        using (Stream encoder = key.Encoding == "br"
            ? new BrotliStream(target, new BrotliCompressionOptions { Quality = 5 }, leaveOpen: true)
            : new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            encoder.Write(RegularFile.Read(file, from: 0, checked((int)key.Length)));
        }

        return results.Set(key, target.ToArray(), new MemoryCacheEntryOptions { Size = target.Length });
    }

    private readonly record struct Key(string Name, long Written, long Length, string Encoding);
}
