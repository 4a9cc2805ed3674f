using System.CommandLine;
using StreamHub.Server.Audit;
using StreamHub.Server.Cli;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Requests;

/// <summary>The commands <c>requests</c>: list and decide requests for access.</summary>
/// <param name="readSettings">Provides the data directory.</param>
/// <param name="error">Receives refusals.</param>
internal sealed class RequestCommands(Func<HubSettings> readSettings, TextWriter output, TextWriter error)
{
    public Command Build()
    {
        var closed = new Option<bool>("--decided") { Description = "Lists decided requests instead of open ones." };
        var list = new Command("list", "Prints visitors' requests for access, newest first.") { closed };
        list.SetAction((parsed, ct) => ListAsync(!parsed.GetValue(closed), ct));

        var user = new Option<string?>("--user") { Description = "The user that gets the address." };
        var newUser = new Option<string?>("--new-user") { Description = "The name of a new user that gets it." };
        var role = new Option<string?>("--role") { Description = "admin or user." };
        var apps = new Option<string[]>("--app") { Description = "An app to assign (may be repeated)." };
        var expires = new EndOption("When the user's access ends");
        var replaces = new Option<string?>("--replaces") { Description = "The address of the user that the new one replaces." };
        var id = new Argument<long>("id") { Description = "The request's number." };
        var plan = new Option<bool>("--plan") { Description = "Dry run: only show what would change, and who would gain or lose access." };
        var approve = new Command("approve", "Lets the visitor in.") { id, user, newUser, role, apps, expires.Option, replaces, plan };
        approve.SetAction((parsed, ct) =>
        {
            var (end, wrong) = expires.Read(parsed, readSettings().TimeZone);
            return wrong is not null ? ConfigurationCommands.SayAsync(ChangeResult.Refused(wrong), output, error, ct) : ActAsync(
                decisions => decisions.ApproveAsync(
                    parsed.GetRequiredValue(id),
                    new Approval
                    {
                        User = parsed.GetValue(user),
                        NewUser = parsed.GetValue(newUser),
                        Role = parsed.GetValue(role),
                        Apps = parsed.GetValue(apps) ?? [],
                        Expires = end,
                        Replaces = parsed.GetValue(replaces),
                    },
                    new ChangeOptions(parsed.GetValue(plan)),
                    Actor.Console,
                    ct),
                ct);
        });

        return new Command("requests", "Visitors' requests for access.")
        {
            list,
            approve,
            Closing("decline", "Declines a request; the visitor may ask again.", AccessRequestState.Declined),
            Closing("block", "Declines a request and blocks further requests from the address.", AccessRequestState.Blocked),
            Closing("unblock", "Lifts a block.", AccessRequestState.Withdrawn),
        };
    }

    private Command Closing(string name, string description, AccessRequestState state)
    {
        var id = new Argument<long>("id") { Description = "The request's number." };
        var note = new Option<string?>("--note") { Description = "A note for the visitor." };
        var command = new Command(name, description) { id, note };
        command.SetAction((parsed, ct) => ActAsync(
            decisions => decisions.CloseAsync(parsed.GetRequiredValue(id), state, parsed.GetValue(note), Actor.Console, ct), ct));
        return command;
    }

    private async Task<int> ListAsync(bool isOpen, CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(readSettings(), cancellationToken);
        foreach (var request in await services.GetRequiredService<AccessRequests>().ListAsync(isOpen, cancellationToken))
        {
            var line = $"{request.Id} {request.At:u} {request.Address} {request.State} name='{request.Name}' app='{request.App}' purpose='{request.Purpose}'"
                + (request.HostName is { } host ? $" host={host}" : "")
                + (request.User is { } owner ? $" user='{owner}'" : "")
                + (request.Device is { } known ? $" probably={known.User}@{known.Address}" : "")
                + (request.DecidedAt is { } decided ? $" decided='{decided:u}' by='{request.DecidedBy}'" : "")
                + (request.Note is { Length: > 0 } note ? $" note='{note}'" : "");
            await output.WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        return 0;
    }

    private async Task<int> ActAsync(Func<RequestDecisions, Task<ChangeResult>> act, CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(readSettings(), cancellationToken);
        return await ConfigurationCommands.SayAsync(await act(services.GetRequiredService<RequestDecisions>()), output, error, cancellationToken);
    }
}
