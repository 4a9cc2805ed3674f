using System.Globalization;
using System.Text;

namespace StreamHub.Server.Admin;

/// <summary>
/// Tables for spreadsheets: RFC 4180 in UTF-8 with a byte order mark, without which Excel reads Korean as another code page.
/// A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP: CSV injection).
/// </summary>
internal static class Csv
{
    /// <summary>A download.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="rows">Cells are text, numbers or instants; null is an empty cell.</param>
    public static IResult File(string name, IEnumerable<string> header, IEnumerable<IEnumerable<object?>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(header))
        {
            text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
        }

        return TypedResults.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())], "text/csv; charset=utf-8", name);
    }

    /// <summary>One cell as it is written.</summary>
    internal static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            string words => words.Length > 0 && words[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + words : words,
            DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
