using StreamHub.Server.Entries;

namespace StreamHub.Server.Users.Import;

/// <summary>A row of a table of users.</summary>
/// <param name="Number">As a spreadsheet counts it.</param>
/// <param name="Entry">What its cells say; nothing in it is checked yet.</param>
/// <param name="Columns">The columns of the table.</param>
internal sealed record UserTableRow(int Number, UserEntry Entry, IReadOnlyCollection<string> Columns)
{
    /// <summary>The user as the row wants it: what no column is about stays as it is, an empty cell empties.</summary>
    public UserEntry Over(UserEntry known) => known.As(Columns.Contains("role") ? Entry.Role : known.Role) with
    {
        Name = Entry.Name,
        Addresses = Columns.Contains("addresses") ? Entry.Addresses : known.Addresses,
        Apps = Columns.Contains("apps") ? Entry.Apps : known.Apps,
        Expires = Columns.Contains("expires") ? Entry.Expires : known.Expires,
        Disabled = Columns.Contains("disabled") ? Entry.Disabled : known.Disabled,
        Hours = Columns.Contains("hours") ? Entry.Hours : known.Hours,
    };
}
