using System.CommandLine;
using StreamHub.Server.Audit;
using StreamHub.Server.Cli;
using StreamHub.Server.Configuration;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Tokens;

/// <summary>The commands <c>tokens</c>: create, list and revoke bearer tokens of the API.</summary>
/// <param name="readSettings">Provides the data directory.</param>
/// <param name="error">Receives refusals.</param>
internal sealed class TokenCommands(Func<HubSettings> readSettings, TextWriter output, TextWriter error)
{
    public Command Build()
    {
        var list = new Command("list", "Prints the tokens, without their secrets.");
        list.SetAction((_, ct) => ListAsync(ct));

        var name = new Argument<string>("name") { Description = "What the token is called." };
        var scope = new Option<string>("--scope") { Description = "read or write.", Required = true };
        var expires = new EndOption("When it opens nothing any more");
        var create = new Command("create", "Makes a token and prints its secret, this once.") { name, scope, expires.Option };
        create.SetAction((parsed, ct) => ActAsync(
            async tokens =>
            {
                var (end, wrong) = expires.Read(parsed, readSettings().TimeZone);
                if (wrong is not null)
                {
                    return ChangeResult.Refused(wrong);
                }

                var entry = new TokenEntry { Name = parsed.GetRequiredValue(name), Scope = parsed.GetRequiredValue(scope), Expires = end };
                var (result, secret) = await tokens.CreateAsync(entry, Actor.Console, ct);

                // Only the secret, for scripts: TOKEN=$(… tokens create backup --scope read).
                return secret is null ? result : ChangeResult.Done(secret);
            },
            ct));

        var revoke = new Command("revoke", "Revokes a token and closes its open connections.") { name };
        revoke.SetAction((parsed, ct) => ActAsync(tokens => tokens.RevokeAsync(parsed.GetRequiredValue(name), Actor.Console, ct), ct));
        return new Command("tokens", "Bearer tokens, which let scripts use the API.") { list, create, revoke };
    }

    private async Task<int> ListAsync(CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(readSettings(), cancellationToken);
        foreach (var token in await services.GetRequiredService<TokenEditor>().ListAsync(cancellationToken))
        {
            var line = $"{token.Name} {token.Scope} created={token.Created:u} by={token.CreatedBy}"
                + (token.Expires is { } end ? $" expires={end:u}" : "")
                + (token.LastUsed is { } used ? $" lastUsed={used:u} from={token.LastAddress}" : "")
                + (token.Revoked is { } revoked ? $" revoked={revoked:u}" : "");
            await output.WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        return 0;
    }

    private async Task<int> ActAsync(Func<TokenEditor, Task<ChangeResult>> act, CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(readSettings(), cancellationToken);
        return await ConfigurationCommands.SayAsync(await act(services.GetRequiredService<TokenEditor>()), output, error, cancellationToken);
    }
}
