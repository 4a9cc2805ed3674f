using System.Buffers.Text;
using System.Text;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Processes;

/// <summary>
/// Identifies every process of a run for a later hub: the environment variable <see cref="Variable"/>, and the name of the
/// control group (Linux) or job object (Windows).
/// </summary>
/// <param name="Hub">The random id of the data directory: 32 hexadecimal digits.</param>
internal readonly record struct RunMark(string Hub, RunId Run)
{
    /// <summary>The environment variable that holds the mark.</summary>
    public const string Variable = "STREAMHUB_RUN";

    private const int HubLength = 32;
    private static readonly byte[] Assignment = Encoding.UTF8.GetBytes($"{Variable}=");

    /// <summary>The mark in an environment block with NUL-terminated variables; null for none.</summary>
    public static RunMark? Find(ReadOnlySpan<byte> environment)
    {
        var at = environment.IndexOf(Assignment);
        return at < 0 ? null : Parse(environment[(at + Assignment.Length)..]);
    }

    /// <summary>Parses a mark, up to the end or a NUL; null when invalid.</summary>
    public static RunMark? Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length <= HubLength || text[HubLength] != (byte)'-')
        {
            return null;
        }

        var hub = Encoding.ASCII.GetString(text[..HubLength]);
        var run = text[(HubLength + 1)..];
        return hub.All(char.IsAsciiHexDigit) && Utf8Parser.TryParse(run, out long number, out var read) && number > 0 && (read == run.Length || run[read] == 0)
            ? new RunMark(hub, new RunId(number))
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Hub}-{Run}";
}
