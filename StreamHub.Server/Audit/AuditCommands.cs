using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamHub.Server.Cli;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Audit;

/// <summary>The commands <c>audit</c>: list, export and verify changes and refusals.</summary>
/// <param name="readSettings">Provides the data directory and the time zone.</param>
/// <param name="error">Receives refusals and faults.</param>
internal sealed class AuditCommands(Func<HubSettings> readSettings, TextWriter output, TextWriter error)
{
    private const int Usual = 100;
    private const int MaxLineLength = 2000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Command Build()
    {
        var text = new Option<string?>("--text") { Description = "A text anywhere in the entry." };
        var actor = new Option<string?>("--actor") { Description = "Prefix of the actor: kim, token:, cli." };
        var action = new Option<string?>("--action") { Description = "Prefix of the action: user., app.stop, refused." };
        var target = new Option<string?>("--target") { Description = "Prefix of the target: a user, an app, an address." };
        var from = new Option<string?>("--from") { Description = $"From when: {AuditQuery.Expected}." };
        var to = new Option<string?>("--to") { Description = "The last day, or an exclusive end instant." };
        var limit = new Option<int?>("--limit") { Description = $"Maximum number of entries; default {Usual}, all with --csv and --json." };
        var csv = new Option<bool>("--csv") { Description = "Prints CSV, for spreadsheets." };
        var json = new Option<bool>("--json") { Description = "An object for each line." };
        var list = new Command("list", "Prints changes and denied requests, newest first.") { text, actor, action, target, from, to, limit, csv, json };
        list.Validators.Add(result =>
        {
            if (result.GetValue(csv) && result.GetValue(json))
            {
                result.AddError("--csv and --json: one of the two");
            }

            if (result.GetValue(limit) is < 1)
            {
                result.AddError("--limit: 1 or more");
            }
        });
        list.SetAction((parsed, ct) => ListAsync(
            new AuditQuery(parsed.GetValue(text), parsed.GetValue(actor), parsed.GetValue(action), parsed.GetValue(target), parsed.GetValue(from), parsed.GetValue(to)),
            parsed.GetValue(limit) ?? (parsed.GetValue(csv) || parsed.GetValue(json) ? int.MaxValue : Usual),
            parsed.GetValue(csv) ? WriteCsvAsync : parsed.GetValue(json) ? WriteJsonAsync : WriteLinesAsync,
            ct));

        var verify = new Command("verify", "Verifies that no row of the audit was changed, removed or cut off, and names the first bad row.");
        verify.SetAction((_, ct) => VerifyAsync(ct));
        return new Command("audit", "Changes and denied requests.") { list, verify };
    }

    private async Task<int> ListAsync(
        AuditQuery query, int limit, Func<IAsyncEnumerable<AuditEntry>, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var settings = readSettings();
        var filter = query.Read(settings.TimeZone, out var errors);
        foreach (var refused in errors)
        {
            await error.WriteLineAsync($"--{refused}".AsMemory(), cancellationToken);
        }

        if (errors.Count > 0)
        {
            return 1;
        }

        await using var services = await CommandServices.CreateAsync(settings, cancellationToken);
        await write(services.GetRequiredService<AuditLog>().AllAsync(filter, cancellationToken).Take(limit), cancellationToken);
        return 0;
    }

    /// <summary>Verifies the audit's chain; prints the first invalid row and returns 1 when it is broken.</summary>
    private async Task<int> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(readSettings(), cancellationToken);
        var (rows, fault) = await services.GetRequiredService<AuditLog>().VerifyAsync(cancellationToken);
        await (fault is null ? output : error).WriteLineAsync(FormattableString.Invariant(fault ?? $"the audit is intact: {rows} rows").AsMemory(), cancellationToken);
        return fault is null ? 0 : 1;
    }

    private async Task WriteLinesAsync(IAsyncEnumerable<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            var changes = string.Join(", ", AuditChange.Between(entry.Before, entry.After));
            var line = $"{entry.Sequence} {entry.At:u} {(entry.Actor.Length > 0 ? entry.Actor : "-")} {entry.Address ?? "-"} {entry.Action} {entry.Target} {changes}";

            // Targets and details contain text of clients, and the output may be a terminal.
            await output.WriteLineAsync(PlainText.Line(line, MaxLineLength).AsMemory(), cancellationToken);
        }
    }

    private async Task WriteCsvAsync(IAsyncEnumerable<AuditEntry> entries, CancellationToken cancellationToken)
    {
        // The byte order mark of a file; the console's writer adds none.
        await output.WriteAsync("\uFEFF".AsMemory(), cancellationToken);
        await AuditApi.WriteCsvAsync(output, entries);
    }

    private async Task WriteJsonAsync(IAsyncEnumerable<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(entry, Json).AsMemory(), cancellationToken);
        }
    }
}
