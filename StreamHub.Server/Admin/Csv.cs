using System.Globalization;
using System.Text;

namespace StreamHub.Server.Admin;

/// <summary>
/// Tables for spreadsheets: RFC 4180 in UTF-8 with a byte order mark, without which Excel reads Korean as another code page.
/// A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP: CSV injection), and so does one
/// that begins with apostrophes before that, so that <see cref="Text"/> gives back what was written.
/// </summary>
internal static class Csv
{
    /// <summary>The media type.</summary>
    public const string Type = "text/csv; charset=utf-8";

    /// <summary>What spreadsheets take for the beginning of a formula, the full-width spellings too.</summary>
    private const string Formula = "=+-@\t\r\n＝＋－＠";

    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>A download that is written row by row.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="rows">Cells are text, numbers or instants; null is an empty cell.</param>
    public static IResult File(string name, IReadOnlyList<string> header, IAsyncEnumerable<IEnumerable<object?>> rows) => TypedResults.Stream(
        async stream =>
        {
            await using var writer = new StreamWriter(stream, Encoding, leaveOpen: true);
            await WriteAsync(writer, header, rows);
        },
        Type,
        name);

    /// <summary>Writes a table.</summary>
    public static async Task WriteAsync(TextWriter writer, IReadOnlyList<string> header, IAsyncEnumerable<IEnumerable<object?>> rows)
    {
        await writer.WriteAsync(Line(header));
        await foreach (var row in rows)
        {
            await writer.WriteAsync(Line(row));
        }
    }

    /// <summary>One cell as it is written.</summary>
    internal static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            string words => IsGuarded(words) ? "'" + words : words,
            DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>The text of a cell that was written here: without the apostrophe in front.</summary>
    internal static string Text(string cell) => cell.StartsWith('\'') && IsGuarded(cell[1..]) ? cell[1..] : cell;

    private static string Line(IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static bool IsGuarded(string text) => text.AsSpan().TrimStart('\'') is [var first, ..] && Formula.Contains(first, StringComparison.Ordinal);
}
