using System.CommandLine;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Requests;
using StreamHub.Server.Settings;
using StreamHub.Server.Tokens;
using StreamHub.Server.Users;

namespace StreamHub.Server.Cli;

/// <summary>The command line. The default command is <c>run</c>.</summary>
/// <param name="run">Runs the hub with the configuration arguments.</param>
/// <param name="sendCtrlC">Sends Ctrl+C to the process with this id (Windows).</param>
/// <param name="error">Receives errors, a line each.</param>
internal sealed class HubCommand(
    Func<string[], Task<int>> run,
    Func<string[], Task<int>> demo,
    Func<int, Task<int>> sendCtrlC,
    Func<string[], HubSettings> readSettings,
    TextWriter output,
    TextWriter error)
{
    public async Task<int> InvokeAsync(IReadOnlyList<string> args)
    {
        // The demo app parses its own arguments.
        if (args.Count > 0 && args[0] == "demo")
        {
            return await demo([.. args.Skip(1)]);
        }

        var arguments = HubArguments.Split(args);
        try
        {
            // System.CommandLine ends the process two seconds after a signal by default; the hub needs more time to stop its apps.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output,
                Error = error,
            };
            return await Build(arguments.Configuration).Parse(arguments.Verb).InvokeAsync(configuration);
        }
        catch (Exception exception) when (Explain(exception) is { } lines)
        {
            foreach (var line in lines)
            {
                await error.WriteLineAsync(line);
            }

            return 1;
        }
    }

    private static IEnumerable<string>? Explain(Exception exception) => exception switch
    {
        Microsoft.Extensions.Options.OptionsValidationException invalid => invalid.Failures,
        DataDirectoryException or IOException or UnauthorizedAccessException or SqliteException => [exception.Message],
        DbUpdateException { InnerException: SqliteException inner } => [inner.Message],
        _ => null,
    };

    private RootCommand Build(string[] configuration)
    {
        var verbs = new ConfigurationCommands(output, error);
        var root = new RootCommand("A gate, a supervisor and a proxy for Streamlit apps. Configuration: --StreamHub:Key=value, environment StreamHub__Key, appsettings.json.");
        var pid = new Option<int?>("--send-ctrl-c") { Hidden = true };
        root.Options.Add(pid);
        root.SetAction((parsed, _) => parsed.GetValue(pid) is { } process ? sendCtrlC(process) : run(configuration));

        var runVerb = new Command("run", "Runs the hub (the default).");
        runVerb.SetAction((_, _) => run(configuration));

        var file = new Argument<FileInfo>("file") { Description = "The declarative file (JSON)." };
        file.AcceptExistingOnly();
        var plan = new Option<bool>("--plan") { Description = "Dry run: only show what would change, and who would gain or lose access." };
        var apply = new Command("apply", "Creates and updates users and apps from a file; a file with an error changes nothing.") { file, plan };
        apply.SetAction((parsed, ct) => verbs.ApplyAsync(readSettings(configuration), parsed.GetRequiredValue(file), parsed.GetValue(plan), ct));

        var target = new Argument<FileInfo?>("file") { Description = "The output file; standard output when omitted.", Arity = ArgumentArity.ZeroOrOne };
        var schema = new Option<bool>("--schema") { Description = "Write the JSON Schema of such a file instead." };
        var export = new Command("export", "Writes all users and apps to a file that apply accepts.") { target, schema };
        export.SetAction((parsed, ct) => parsed.GetValue(schema)
            ? verbs.WriteAsync(EntrySchema.Text, parsed.GetValue(target), ct)
            : verbs.ExportAsync(readSettings(configuration), parsed.GetValue(target), ct));

        var link = new Command("link", "Prints a one-time link. The address that opens it becomes an admin's.");
        link.SetAction((_, ct) => verbs.LinkAsync(readSettings(configuration), ct));

        var address = new Argument<string>("address") { Description = "The IP address of the visitor." };
        var slug = new Argument<string?>("slug") { Description = "The app asked for.", Arity = ArgumentArity.ZeroOrOne };
        var explain = new Command("explain", "Explains whether an address has access, and whether it may open an app.") { address, slug };
        explain.SetAction((parsed, ct) => verbs.ExplainAsync(readSettings(configuration), parsed.GetRequiredValue(address), parsed.GetValue(slug), ct));

        var demoVerb = new Command("demo", "Runs the built-in demo app.") { Hidden = true };
        demoVerb.SetAction((_, _) => demo([]));
        root.Subcommands.Add(runVerb);
        root.Subcommands.Add(apply);
        root.Subcommands.Add(export);
        root.Subcommands.Add(link);
        root.Subcommands.Add(explain);
        root.Subcommands.Add(new RestartCommand(() => readSettings(configuration), output, error).Build());
        root.Subcommands.Add(new AuditCommands(() => readSettings(configuration), output, error).Build());
        root.Subcommands.Add(new UserCommands(() => readSettings(configuration), output, error).Build());
        root.Subcommands.Add(new TokenCommands(() => readSettings(configuration), output, error).Build());
        root.Subcommands.Add(new RequestCommands(() => readSettings(configuration), output, error).Build());
        root.Subcommands.Add(demoVerb);
        return root;
    }
}
