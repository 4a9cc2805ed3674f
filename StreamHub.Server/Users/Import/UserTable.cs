using System.Globalization;
using System.Text;
using CsvHelper;
using StreamHub.Domain.Access;
using StreamHub.Server.Entries;
using StreamHub.Server.Http;

namespace StreamHub.Server.Users.Import;

/// <summary>
/// Users as a table for spreadsheets: UTF-8, with or without a byte order mark, separated by commas, semicolons or tabs. Several values in a cell
/// are separated by semicolons, white space or line breaks; hours contain spaces and use the other separators.
/// </summary>
internal sealed class UserTable
{
    /// <summary>The largest file in bytes.</summary>
    public const int LargestFile = 1 << 20;

    private static readonly string[] Columns = ["name", "role", "addresses", "apps", "expires", "disabled", "hours"];
    private static readonly char[] Separators = [',', ';', '\t'];
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TimeZoneInfo zone;
    private readonly List<UserTableRow> rows = [];
    private readonly List<EntryError> errors = [];

    private UserTable(TimeZoneInfo zone) => this.zone = zone;

    public IReadOnlyList<UserTableRow> Rows => rows;

    public IReadOnlyList<EntryError> Errors => errors;

    /// <param name="zone">The time zone of days in the column <c>expires</c>.</param>
    public static UserTable Read(byte[] file, TimeZoneInfo zone)
    {
        var table = new UserTable(zone);
        if (file.Length > LargestFile)
        {
            table.Refuse("", $"the file is larger than {LargestFile >> 10} KiB");
            return table;
        }

        try
        {
            table.Parse(Utf8.GetString(file).TrimStart('\uFEFF'));
        }
        catch (DecoderFallbackException)
        {
            table.Refuse("", $"the file is not UTF-8: save it as 'CSV UTF-8'");
        }

        return table;
    }

    /// <summary>Exports users with the same columns.</summary>
    public static IResult File(string name, IEnumerable<UserEntry> users, TimeZoneInfo zone) => Csv.File(name, Columns, Lines(users, zone));

    /// <inheritdoc cref="File"/>
    public static Task WriteAsync(TextWriter writer, IEnumerable<UserEntry> users, TimeZoneInfo zone) => Csv.WriteAsync(writer, Columns, Lines(users, zone));

    /// <summary>The last day if the end is a midnight, else the instant.</summary>
    public static string? End(DateTimeOffset? end, TimeZoneInfo zone) =>
        end is not { } instant ? null
        : CalendarDay.Before(instant, zone) is var day && day.End(zone) == instant ? day.ToString()
        : TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFK", CultureInfo.InvariantCulture);

    private static IAsyncEnumerable<IEnumerable<object?>> Lines(IEnumerable<UserEntry> users, TimeZoneInfo zone) => users.ToAsyncEnumerable().Select(user => (IEnumerable<object?>)
    [
        user.Name, user.Role, string.Join("; ", user.Addresses), string.Join("; ", user.Apps), End(user.Expires, zone), user.Disabled ? "true" : "false", string.Join("; ", user.Hours ?? []),
    ]);

    private void Parse(string text)
    {
        var bad = new HashSet<long>();
        using var reader = CsvReader.FromText(text, new CsvReaderOptions
        {
            Separator = Separator(text),
            HasHeader = false,
            SkipEmptyLines = false,
            MalformedData = CsvMalformedDataHandling.Recover,
            TrimWhitespace = true,
            OnMalformedRecord = record => bad.Add(record.RecordNumber),
        });
        string[]? header = null;
        while (reader.Read())
        {
            // With HasHeader and SkipEmptyLines off, RowNumber counts rows as a spreadsheet does.
            var row = (int)reader.RowNumber;
            string[] cells = [.. reader.Current.ToArray().Select(cell => Csv.Text(cell.Trim()))];
            if (bad.Contains(row))
            {
                Refuse(CsvCell.PathOf(row), $"its quotes do not go together: a cell with a quote is in quotes, and the quote is doubled");
            }
            else if (cells.All(cell => cell.Length == 0))
            {
                continue;
            }
            else if (header is null)
            {
                header = [.. cells.Select(cell => cell.ToLowerInvariant())];
                CheckHeader(header, row);
                if (errors.Count > 0)
                {
                    return;
                }
            }
            else if (cells.Length < header.Length || cells.Skip(header.Length).Any(cell => cell.Length > 0))
            {
                Refuse(CsvCell.PathOf(row), $"it has {cells.Length} cells, the header {header.Length}");
            }
            else
            {
                Take(row, header, cells);
            }
        }

        if (header is null && errors.Count == 0)
        {
            Refuse(CsvCell.PathOf(1), $"a header is expected: {string.Join(", ", Columns)}");
        }
    }

    /// <summary>Column names contain no separator, so the header reveals it.</summary>
    private static char Separator(string text)
    {
        var header = text.TrimStart('\r', '\n').Split('\n')[0];
        return Separators.MaxBy(separator => header.Count(sign => sign == separator));
    }

    private void CheckHeader(string[] header, int row)
    {
        foreach (var column in header.Where(column => !Columns.Contains(column)).Distinct(StringComparer.Ordinal))
        {
            Refuse(CsvCell.PathOf(row), $"there is no column '{column}'; accepted are {string.Join(", ", Columns)}");
        }

        foreach (var column in header.GroupBy(column => column, StringComparer.Ordinal).Where(columns => columns.Count() > 1))
        {
            Refuse(CsvCell.PathOf(row), $"the column '{column.Key}' is given twice");
        }

        if (!header.Contains("name"))
        {
            Refuse(CsvCell.PathOf(row), $"the column 'name' is missing");
        }
    }

    private void Take(int row, string[] header, string[] cells)
    {
        rows.Add(new UserTableRow(
            row,
            new UserEntry
            {
                Name = Cell("name"),
                Role = Cell("role") is { Length: > 0 } role ? role.ToLowerInvariant() : "user",
                Addresses = Values(Cell("addresses")),
                Apps = Values(Cell("apps")),
                Expires = Expires(Cell("expires"), row),
                Disabled = Flag(Cell("disabled"), row),
                Hours = Cell("hours").Split([';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } hours ? hours : null,
            },
            header));

        string Cell(string column) => Array.IndexOf(header, column) is >= 0 and var index ? cells[index] : "";
    }

    private static string[] Values(string cell) => cell.Split([';', ' ', '\t', '\r', '\n', '\u00a0'], StringSplitOptions.RemoveEmptyEntries);

    private DateTimeOffset? Expires(string cell, int row)
    {
        if (cell.Length == 0)
        {
            return null;
        }

        if (Instants.TryParseEnd(cell, zone, out var end))
        {
            return end;
        }

        Refuse($"{CsvCell.PathOf(row)}.expires", $"'{cell}' is not {Instants.Expected}");
        return null;
    }

    private bool Flag(string cell, int row)
    {
        if (cell.Length > 0 && !bool.TryParse(cell, out _))
        {
            Refuse($"{CsvCell.PathOf(row)}.disabled", $"'{cell}' is neither true nor false");
        }

        return bool.TryParse(cell, out var flag) && flag;
    }

    private void Refuse(string path, FormattableString text) => errors.Add(new EntryError(path, text));
}
