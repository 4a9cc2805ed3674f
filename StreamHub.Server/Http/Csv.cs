using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StreamHub.Server.Http;

/// <summary>
/// CSV for spreadsheets: RFC 4180 in UTF-8 with a byte order mark, without which Excel reads Korean as another code page. A text that a spreadsheet
/// would execute as a formula is prefixed with an apostrophe (OWASP: CSV injection); so is a text that already has apostrophes before a formula, so
/// that <see cref="Text"/> restores the original. In locales with semicolons or tabs as separators, spreadsheets start a cell after each of them
/// and a row after each line break, even inside quotes: the apostrophe is added there, too. CsvHelper, which reads the tables, escapes the start of
/// a cell only.
/// </summary>
internal static partial class Csv
{
    public const string Type = "text/csv; charset=utf-8";

    /// <summary>
    /// Characters that start a formula in spreadsheets, full-width forms included: at the start of a text, and after characters that may start a
    /// cell.
    /// </summary>
    private const string Front = @"\A(?='*[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=['""]*[=+\-@＝＋－＠])";

    private const string Guard = @"\A'(?='*[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])'(?=['""]*[=+\-@＝＋－＠])";

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\r\n");
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>A download that is streamed row by row.</summary>
    /// <param name="rows">Cells are text, numbers or instants; null is an empty cell.</param>
    public static IResult File(string name, IReadOnlyList<string> header, IAsyncEnumerable<IEnumerable<object?>> rows) => TypedResults.Stream(
        async stream =>
        {
            await using var writer = new StreamWriter(stream, Encoding, leaveOpen: true);
            await WriteAsync(writer, header, rows);
        },
        Type,
        name);

    public static async Task WriteAsync(TextWriter writer, IReadOnlyList<string> header, IAsyncEnumerable<IEnumerable<object?>> rows)
    {
        await writer.WriteAsync(Line(header));
        await foreach (var row in rows)
        {
            await writer.WriteAsync(Line(row));
        }
    }

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

    /// <summary>Restores the original text of a cell: removes the protecting apostrophes.</summary>
    internal static string Text(string cell) => Guards().Replace(cell, "");

    private static string Line(IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    [GeneratedRegex(Front)]
    private static partial Regex Fronts();

    [GeneratedRegex(Guard)]
    private static partial Regex Guards();
}
