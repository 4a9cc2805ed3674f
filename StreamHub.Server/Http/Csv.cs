using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StreamHub.Server.Http;

/// <summary>
/// Tables for spreadsheets: RFC 4180 in UTF-8 with a byte order mark, without which Excel reads Korean as another code page.
/// A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP: CSV injection), and so does one
/// that begins with apostrophes before that, so that <see cref="Text"/> gives back what was written. Where semicolons or tabs
/// separate, as in many countries, spreadsheets begin a cell after each of them, and a row after each line, in the middle of
/// what commas and quotes hold together: there, too. CsvHelper, which reads the tables, escapes the front of a cell only.
/// </summary>
internal static partial class Csv
{
    /// <summary>The media type.</summary>
    public const string Type = "text/csv; charset=utf-8";

    /// <summary>What spreadsheets take for the beginning of a formula, the full-width spellings too: at the front of a text, and behind what may begin a cell.</summary>
    private const string Front = @"\A(?='*[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=['""]*[=+\-@＝＋－＠])";

    private const string Guard = @"\A'(?='*[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])'(?=['""]*[=+\-@＝＋－＠])";

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\r\n");
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>A download that is written row by row.</summary>
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
            string words => Fronts().Replace(words, "'"),
            DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
        return text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>The text of a cell that was written here: without the apostrophes that guard it.</summary>
    internal static string Text(string cell) => Guards().Replace(cell, "");

    private static string Line(IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    [GeneratedRegex(Front)]
    private static partial Regex Fronts();

    [GeneratedRegex(Guard)]
    private static partial Regex Guards();
}
