using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Users.Import;

/// <summary>Creates and updates users by name from a table in one transaction. It removes no users.</summary>
internal sealed class UserImport(ConfigurationEditor editor, HubSettings settings)
{
    /// <summary>Imports a table, or reports the changes of a dry run.</summary>
    /// <param name="file">See <see cref="UserTable"/>.</param>
    /// <returns>Errors with row and column: their paths are those of <see cref="CsvCell"/>.</returns>
    public async Task<ChangeResult> RunAsync(byte[] file, ChangeOptions options, Actor actor, CancellationToken cancellationToken)
    {
        var table = UserTable.Read(file, settings.TimeZone);
        var result = await editor.ChangeAsync(
            draft =>
            {
                foreach (var error in table.Errors)
                {
                    draft.Refuse(error.Path, error.Text);
                }

                foreach (var row in table.Rows)
                {
                    var known = draft.FindUser(row.Entry.Name);
                    draft.Put(row.Over(known is null ? new UserEntry() : UserEntry.Of(known)), CsvCell.PathOf(row.Number));
                }
            },
            strict: true,
            options,
            actor,
            cancellationToken,
            act: ("users.import", ""));
        return result with
        {
            Errors = [.. result.Errors.Select(error => CsvCell.TryParse(error.Path, out var cell) ? error with { Path = cell.ToString() } : error)],
        };
    }
}
