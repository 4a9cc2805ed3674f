using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Streamlit;

/// <summary>A folder of Streamlit's web files that another program can change at any time.</summary>
/// <param name="isOpen">Which files may be read, see <see cref="RegularFile.Open"/>.</param>
internal sealed class WebFiles(string folder, Predicate<string> isOpen)
{
    // Streamlit 1.67 has 360 files of 26 MB.
    private const long LargestSize = 256L << 20;
    private const int MostFiles = 10_000;

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>The hash of a content as text.</summary>
    public static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The hash of all names and contents. Files behind links count as missing.</summary>
    /// <param name="copy">A folder that gets a copy of them; null for none.</param>
    /// <returns>Null when the files are too many, too large or closed.</returns>
    public string? Hash(string? copy = null)
    {
        string[] names = [.. Directory.EnumerateFiles(folder, "*", Everything).Take(MostFiles + 1).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
        if (names.Length > MostFiles)
        {
            return null;
        }

        var all = new StringBuilder();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        foreach (var name in names)
        {
            using var file = RegularFile.Open(Path.Combine(folder, name), isOpen);
            using var target = copy is null ? null : File.Create(Path.Combine(Directory.CreateDirectory(Path.Combine(copy, Path.GetDirectoryName(name)!)).FullName, Path.GetFileName(name)));
            if (file is null || size + file.Length > LargestSize || (size += Read(file, hash, target, LargestSize - size)) > LargestSize)
            {
                return null;
            }

            all.Append(Convert.ToHexStringLower(hash.GetHashAndReset())).Append(name.Length).Append(':').Append(name.Replace('\\', '/'));
        }

        return HashOf(Encoding.UTF8.GetBytes(all.ToString()));
    }

    /// <summary>The content of a file; null when it is missing or closed.</summary>
    public byte[]? Read(string name, int most)
    {
        using var file = RegularFile.Open(Path.Combine(folder, name), isOpen);
        return file is null ? null : RegularFile.Read(file, from: 0, most);
    }

    private static long Read(FileStream file, IncrementalHash hash, FileStream? target, long most)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            var length = 0L;
            while (length <= most && file.Read(buffer) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                target?.Write(buffer, 0, count);
                length += count;
            }

            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
