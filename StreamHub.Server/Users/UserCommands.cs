using System.CommandLine;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Cli;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Settings;
using StreamHub.Server.Users.Import;

namespace StreamHub.Server.Users;

/// <summary>The commands <c>users</c>: the functions of the users' page.</summary>
/// <param name="readSettings">Provides the data directory and the time zone.</param>
/// <param name="error">Receives refusals and warnings.</param>
internal sealed class UserCommands(Func<HubSettings> readSettings, TextWriter output, TextWriter error)
{
    private readonly Argument<string> name = new("name") { Description = "The user's name." };
    private readonly Option<bool> plan = new("--plan") { Description = "Dry run: only show what would change, and who would gain or lose access." };

    public Command Build()
    {
        var csv = new Option<bool>("--csv") { Description = "A table that import reads." };
        var json = new Option<bool>("--json") { Description = "A file that apply reads." };
        var list = new Command("list", "Prints the users, and beside them which ranges overlap.") { csv, json };
        list.Validators.Add(result =>
        {
            if (result.GetValue(csv) && result.GetValue(json))
            {
                result.AddError("--csv and --json: one of the two");
            }
        });
        list.SetAction((parsed, ct) => ListAsync(parsed.GetValue(csv), parsed.GetValue(json), ct));

        var file = new Argument<FileInfo>("file") { Description = "A table (CSV) with a header: name, role, addresses, apps, expires, disabled, hours." };
        file.AcceptExistingOnly();
        var import = new Command("import", "Creates and updates users by name from a table, all or none; nobody is removed.") { file, plan };
        import.SetAction(async (parsed, ct) =>
        {
            var bytes = await ReadAsync(parsed.GetRequiredValue(file), ct);
            return await ActAsync(services => services.GetRequiredService<UserImport>().RunAsync(bytes, new ChangeOptions(parsed.GetValue(plan)), Actor.Console, ct), ct);
        });

        var remove = new Command("remove", "Removes a user.") { name, plan };
        remove.SetAction((parsed, ct) => EditAsync(editor => editor.RemoveUserAsync(parsed.GetRequiredValue(name), new ChangeOptions(parsed.GetValue(plan)), Actor.Console, ct), ct));
        return new Command("users", "Who may come in.") { list, Set(), remove, Switch("enable", "Lets a user in again.", false), Switch("disable", "Shuts a user out for the time being.", true), import };
    }

    private Command Set()
    {
        var rename = new Option<string?>("--rename") { Description = "The name from now on." };
        var role = new Option<string?>("--role") { Description = "admin or user." };
        var addresses = new Option<string[]?>("--address") { Description = "An address or a CIDR range, in place of those that the user has (may be repeated)." };
        var apps = new Option<string[]?>("--app") { Description = "An app, in place of those that the user has (may be repeated)." };
        var expires = new EndOption("When the user's access ends");
        var hours = new Option<string[]?>("--hours") { Description = "Week days and hours, as 'Mon-Fri 08:00-18:00', in place of the user's (may be repeated)." };
        var wide = new Option<bool?>("--allow-wide") { Description = "Whether ranges wider than usual are meant." };
        var clear = new Option<string[]>("--clear") { Description = "Empties a member (may be repeated)." };
        clear.AcceptOnlyFromAmong("addresses", "apps", "expires", "hours");
        var set = new Command("set", "Creates a user, or changes what the options say of one.") { name, rename, role, addresses, apps, expires.Option, hours, wide, clear, plan };
        set.SetAction((parsed, ct) =>
        {
            var cleared = parsed.GetValue(clear) ?? [];
            var (end, wrong) = expires.Read(parsed, readSettings().TimeZone);
            return wrong is not null ? ConfigurationCommands.SayAsync(ChangeResult.Refused(wrong), output, error, ct) : SaveAsync(
                parsed.GetRequiredValue(name),
                mayCreate: true,
                user =>
                {
                    var known = user.As(parsed.GetValue(role) ?? user.Role);
                    return known with
                    {
                        Name = parsed.GetValue(rename) ?? known.Name,
                        Addresses = cleared.Contains("addresses") ? [] : parsed.GetValue(addresses) is { Length: > 0 } ranges ? ranges : known.Addresses,
                        Apps = cleared.Contains("apps") ? [] : parsed.GetValue(apps) is { Length: > 0 } slugs ? slugs : known.Apps,
                        Expires = cleared.Contains("expires") ? null : end ?? known.Expires,
                        Hours = cleared.Contains("hours") ? null : parsed.GetValue(hours) is { Length: > 0 } windows ? windows : known.Hours,
                        AllowWide = parsed.GetValue(wide) ?? known.AllowWide,
                    };
                },
                parsed.GetValue(plan),
                ct);
        });
        return set;
    }

    private Command Switch(string verb, string description, bool disabled)
    {
        var command = new Command(verb, description) { name, plan };
        command.SetAction((parsed, ct) => SaveAsync(parsed.GetRequiredValue(name), mayCreate: false, known => known with { Disabled = disabled }, parsed.GetValue(plan), ct));
        return command;
    }

    private Task<int> SaveAsync(string user, bool mayCreate, Func<UserEntry, UserEntry> change, bool isPlan, CancellationToken cancellationToken) => EditAsync(
        editor =>
        {
            var known = editor.Export().Users.FirstOrDefault(entry => entry.Name == user);
            return known is null && !mayCreate
                ? Task.FromResult(ChangeResult.Refused(new EntryError("", $"there is no user '{user}'")))
                : editor.SaveUserAsync(change(known ?? new UserEntry { Name = user }), known is null ? null : user, new ChangeOptions(isPlan), Actor.Console, cancellationToken);
        },
        cancellationToken);

    private Task<int> EditAsync(Func<ConfigurationEditor, Task<ChangeResult>> act, CancellationToken cancellationToken) =>
        ActAsync(services => act(services.GetRequiredService<ConfigurationEditor>()), cancellationToken);

    private async Task<int> ActAsync(Func<IServiceProvider, Task<ChangeResult>> act, CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(readSettings(), cancellationToken);
        return await ConfigurationCommands.SayAsync(await act(services), output, error, cancellationToken);
    }

    /// <summary>The file, up to one byte beyond the limit.</summary>
    private static async Task<byte[]> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = file.OpenRead();
        var bytes = new byte[UserTable.LargestFile + 1];
        return bytes[..await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)];
    }

    private async Task<int> ListAsync(bool isCsv, bool isJson, CancellationToken cancellationToken)
    {
        var settings = readSettings();
        await using var services = await CommandServices.CreateAsync(settings, cancellationToken);
        var users = services.GetRequiredService<ConfigurationEditor>().Export().Users;
        if (isCsv)
        {
            // The byte order mark of a file; the console's writer adds none.
            await output.WriteAsync("\uFEFF".AsMemory(), cancellationToken);
            await UserTable.WriteAsync(output, users, settings.TimeZone);
            return 0;
        }

        if (isJson)
        {
            await output.WriteLineAsync(EntryWriter.Write(new HubFile { Users = users }).AsMemory(), cancellationToken);
            return 0;
        }

        foreach (var user in users)
        {
            var line = $"{user.Name} {user.Role}{(user.Disabled ? " disabled" : "")} addresses={string.Join(',', user.Addresses)} apps={(user.Role == "admin" ? "all" : string.Join(',', user.Apps))}"
                + (UserTable.End(user.Expires, settings.TimeZone) is { } end ? $" expires={end}" : "")
                + (user.Hours is { } hours ? $" hours='{string.Join("; ", hours)}'" : "");
            await output.WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        foreach (var overlap in AccessOverlap.Find(services.GetRequiredService<ConfigurationStore>().Current.Users))
        {
            await error.WriteLineAsync(overlap.ToString().AsMemory(), cancellationToken);
        }

        return 0;
    }
}
