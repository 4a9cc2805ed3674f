using System.Globalization;
using System.Runtime.Versioning;

namespace StreamHub.Server.Instances.Processes;

/// <summary>The listening TCP sockets of <c>/proc/net/tcp</c> and <c>tcp6</c>, proc(5).</summary>
[SupportedOSPlatform("linux")]
internal static class ProcNet
{
    private const string Listening = "0A";

    /// <summary>Addresses as the kernel prints them: 32-bit words in host order.</summary>
    private static readonly HashSet<string> Loopback = new(StringComparer.Ordinal)
    {
        "0100007F", // 127.0.0.1
        "00000000000000000000000001000000", // ::1
        "0000000000000000FFFF00000100007F", // ::ffff:127.0.0.1
    };

    /// <summary>Who listens on a port: the sockets' inodes, and whether each is bound to loopback.</summary>
    public static List<(string Inode, bool IsLoopback)> Listeners(int port)
    {
        var found = new List<(string, bool)>();
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var file in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(file))
            {
                continue;
            }

            foreach (var line in File.ReadLines(file))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                {
                    found.Add((fields[9], Loopback.Contains(fields[1][..^suffix.Length])));
                }
            }
        }

        return found;
    }

    /// <summary>The inodes of the sockets that a process has open.</summary>
    public static IEnumerable<string> SocketsOf(int pid)
    {
        string[] descriptors;
        try
        {
            descriptors = Directory.GetFiles($"/proc/{pid}/fd");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (var descriptor in descriptors)
        {
            if (new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal))
            {
                yield return target["socket:[".Length..^1];
            }
        }
    }
}
