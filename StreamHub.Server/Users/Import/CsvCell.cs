using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamHub.Server.Users.Import;

/// <summary>A place in a table, as a spreadsheet shows it.</summary>
/// <param name="Row">From 1, which is the header.</param>
/// <param name="Column">The column's name; empty for the whole row.</param>
internal readonly partial record struct CsvCell(int Row, string Column)
{
    /// <summary>How errors in a row begin.</summary>
    public static string PathOf(int row) => string.Create(CultureInfo.InvariantCulture, $"row {row}");

    /// <summary>Reads the place of an error: <c>row 3</c>, <c>row 3.addresses[0]</c> or <c>row 3, addresses</c>.</summary>
    public static bool TryParse(string path, out CsvCell cell)
    {
        var match = Path().Match(path);
        cell = match.Success ? new CsvCell(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Value) : default;
        return match.Success;
    }

    /// <inheritdoc/>
    public override string ToString() => Column.Length == 0 ? PathOf(Row) : $"{PathOf(Row)}, {Column}";

    [GeneratedRegex(@"^row (\d{1,9})(?:(?:\.|, )(\w+)(?:\[\d+\])?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Path();
}
