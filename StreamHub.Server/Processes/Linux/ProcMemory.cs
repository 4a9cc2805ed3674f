using System.Buffers.Text;
using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>The memory of one process without the page cache, in bytes; 0 for a process that has exited. proc(5).</summary>
[SupportedOSPlatform("linux")]
internal static class ProcMemory
{
    /// <summary>Its anonymous and shared memory, also what other processes map, too: <c>/proc/PID/status</c>. Costs the same whatever the size.</summary>
    public static long Mapped(int pid) => Read(pid, "status", "RssAnon:"u8, "RssShmem:"u8) ?? 0;

    /// <summary>
    /// The same with its share of each page that other processes map, too: <c>/proc/PID/smaps_rollup</c>. The kernel walks all pages of the
    /// process. Linux before 5.3 tells no parts: the page cache counts, too. Without the file (before 4.14), or the right to read it: everything that it maps.
    /// </summary>
    public static long Shares(int pid) => Read(pid, "smaps_rollup", "Pss_Anon:"u8, "Pss_Shmem:"u8) ?? Read(pid, "smaps_rollup", "Pss:"u8) ?? Mapped(pid);

    /// <summary>The sum of lines of a file, which have the form <c>Name:   123 kB</c>; null when one is missing.</summary>
    private static long? Read(int pid, string file, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other = default)
    {
        try
        {
            using var handle = File.OpenHandle($"/proc/{pid}/{file}");
            Span<byte> buffer = stackalloc byte[4096];
            var text = buffer[..RandomAccess.Read(handle, buffer, 0)];
            return Kibibytes(text, one) + (other.IsEmpty ? 0 : Kibibytes(text, other)) is { } sum ? sum << 10 : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Kibibytes(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        text.IndexOf(name) is var at and >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..].TrimStart(" \t"u8), out long value, out _) ? value : null;
}
