using StreamHub.Server.Entries;

namespace StreamHub.Server.Users.Import;

/// <summary>A row of a table of users.</summary>
/// <param name="Number">As in a spreadsheet.</param>
/// <param name="Entry">The content of its cells, unvalidated.</param>
internal sealed record UserTableRow(int Number, UserEntry Entry, IReadOnlyCollection<string> Columns)
{
    /// <summary>Applies the row to a user: members without a column are kept, an empty cell clears its member.</summary>
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
