using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StreamHub.Tests.Server;

/// <summary>An HTTP/1.1 message as it stood on the wire, characters for bytes: start line, header lines, decoded body.</summary>
/// <param name="Interim">The responses 1xx before it.</param>
/// <param name="IsComplete">Whether the body had the end that its framing announces.</param>
internal sealed partial record RawMessage(
    string Start, (string Name, string Value)[] Headers, string Body, (string Name, string Value)[] Trailers, int Interim, bool IsComplete)
{
    private const string HeadEnd = "\r\n\r\n";

    /// <summary>Reads a request; null when the other side has closed.</summary>
    public static async Task<RawMessage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[1 << 20];
        var isContinued = false;
        while (true)
        {
            if (Parse(text.ToString(), hasBody: true, isClosed: false) is { } message)
            {
                return message;
            }

            if (!isContinued && text.ToString() is var head && head.Contains(HeadEnd, StringComparison.Ordinal) && head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase))
            {
                isContinued = true;
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);
            }

            var count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                return null;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }

    /// <summary>Reads a response up to the end of its connection.</summary>
    /// <param name="hasBody">Whether its method lets it have one.</param>
    public static RawMessage Answer(string text, bool hasBody) =>
        Parse(text, hasBody, isClosed: true) ?? new RawMessage("", [], text, [], 0, IsComplete: false);

    public string? Value(string name) => Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    private static RawMessage? Parse(string text, bool hasBody, bool isClosed)
    {
        var interim = 0;
        while (text.StartsWith("HTTP/1.1 1", StringComparison.Ordinal) && !text.StartsWith("HTTP/1.1 101", StringComparison.Ordinal) && text.Contains(HeadEnd, StringComparison.Ordinal))
        {
            interim++;
            text = text[(text.IndexOf(HeadEnd, StringComparison.Ordinal) + HeadEnd.Length)..];
        }

        var end = text.IndexOf(HeadEnd, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        // RFC 9112, 5.2: a line that begins with a blank goes on with the one before; a proxy puts blanks for the end of that.
        var lines = Folded().Replace(text[..end], "  ").Split("\r\n");
        var message = new RawMessage(lines[0], [.. lines.Skip(1).Select(Line)], "", [], interim, IsComplete: true);
        var rest = text[(end + HeadEnd.Length)..];
        var status = lines[0].StartsWith("HTTP/", StringComparison.Ordinal) ? lines[0].Split(' ')[1] : null;
        if (!hasBody || status is "204" or "304")
        {
            return message with { Body = rest };
        }

        if (message.Value("Transfer-Encoding") is not null)
        {
            var (body, trailers, isWhole) = Chunks(rest);
            return isWhole || isClosed ? message with { Body = body, Trailers = trailers, IsComplete = isWhole } : null;
        }

        if (message.Value("Content-Length") is { } length)
        {
            var expected = int.Parse(length, CultureInfo.InvariantCulture);
            return rest.Length >= expected || isClosed ? message with { Body = rest, IsComplete = rest.Length == expected } : null;
        }

        return status is null && rest.Length > 0 ? null : message with { Body = rest };
    }

    private static (string Body, (string Name, string Value)[] Trailers, bool IsWhole) Chunks(string text)
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = text.IndexOf("\r\n", StringComparison.Ordinal);
            if (line < 0)
            {
                return (body.ToString(), [], false);
            }

            var size = int.Parse(text[..line].Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            text = text[(line + 2)..];
            if (size == 0)
            {
                var end = text.StartsWith("\r\n", StringComparison.Ordinal) ? 0 : text.IndexOf(HeadEnd, StringComparison.Ordinal);
                return (body.ToString(), end > 0 ? [.. text[..end].Split("\r\n").Select(Line)] : [], end >= 0);
            }

            body.Append(text.AsSpan(0, Math.Min(size, text.Length)));
            if (text.Length < size + 2)
            {
                return (body.ToString(), [], false);
            }

            text = text[(size + 2)..];
        }
    }

    [GeneratedRegex("\r\n(?=[ \t])")]
    private static partial Regex Folded();

    private static (string Name, string Value) Line(string line) =>
        line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (line[..colon], line[(colon + 1)..].Trim(' ', '\t')) : (line, "");
}
