using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamHub.Server.Users.Import;

/// <summary>A cell of a CSV table, numbered as in a spreadsheet.</summary>
/// <param name="Row">From 1, the header.</param>
/// <param name="Column">The column's name; empty for the whole row.</param>
internal readonly partial record struct CsvCell(int Row, string Column)
{
    /// <summary>The prefix of errors in a row.</summary>
    public static string PathOf(int row) => string.Create(CultureInfo.InvariantCulture, $"row {row}");

    /// <summary>Parses the path of an error: <c>row 3</c>, <c>row 3.addresses[0]</c> or <c>row 3, addresses</c>.</summary>
    public static bool TryParse(string path, out CsvCell cell)
    {
        var match = Path().Match(path);
        cell = match.Success ? new CsvCell(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Value) : default;
        return match.Success;
    }

    public override string ToString() => Column.Length == 0 ? PathOf(Row) : $"{PathOf(Row)}, {Column}";

    [GeneratedRegex(@"^row (\d{1,9})(?:(?:\.|, )(\w+)(?:\[\d+\])?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Path();
}
