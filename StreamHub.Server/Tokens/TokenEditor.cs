using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Tokens;

/// <summary>Creates and revokes bearer tokens, each in one transaction with its audit entry.</summary>
internal sealed class TokenEditor(IDbContextFactory<HubDbContext> contexts, ConfigurationEditor editor, SteadyClock clock)
{
    /// <summary>How long revoked tokens are remembered: a client that still uses one gets the reason, and the audit its name.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    /// <returns>The result, and the secret, which is shown only once; null on refusal.</returns>
    public async Task<(ChangeResult Result, string? Secret)> CreateAsync(TokenEntry entry, Actor actor, CancellationToken cancellationToken)
    {
        var secret = BearerToken.Create();
        var now = clock.Wall;
        var result = await editor.ChangeAsync(
            draft => Check(draft, entry, now),
            strict: false,
            default,
            actor,
            cancellationToken,
            async (db, rows) =>
            {
                await db.ApiTokens.Where(row => row.Revoked < now - Memory).ExecuteDeleteAsync(cancellationToken);
                db.ApiTokens.Add(new ApiTokenRow
                {
                    Hash = BearerToken.Hash(secret),
                    Name = entry.Name,
                    Scope = entry.Scope,
                    Created = now,
                    CreatedBy = actor.Name,
                    Expires = entry.Expires,
                });
                rows.Add(Row(actor, "token.created", entry.Name, null, entry));
                return true;
            },
            ("token.create", entry.Name));
        return result.Succeeded ? (ChangeResult.Done($"token {entry.Name}: created"), secret) : (result, null);
    }

    /// <summary>Revokes a token and closes its open connections.</summary>
    public async Task<ChangeResult> RevokeAsync(string name, Actor actor, CancellationToken cancellationToken)
    {
        var result = await editor.ChangeAsync(
            draft =>
            {
                if (Find(draft, name) is null)
                {
                    draft.Refuse("name", $"there is no token '{name}'");
                }
            },
            strict: false,
            default,
            actor,
            cancellationToken,
            async (db, rows) =>
            {
                var row = await db.ApiTokens.SingleAsync(row => row.Name == name && row.Revoked == null, cancellationToken);
                row.Revoked = clock.Wall;
                rows.Add(Row(actor, "token.revoked", name, new TokenEntry { Name = row.Name, Scope = row.Scope, Expires = row.Expires }, null));
                return true;
            },
            ("token.revoke", name));
        return result.Succeeded ? ChangeResult.Done($"token {name}: revoked") : result;
    }

    /// <summary>The tokens by name; revoked ones at the end, latest first.</summary>
    public async Task<IReadOnlyList<TokenInfo>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ApiTokens.AsNoTracking().OrderBy(row => row.Revoked != null).ThenByDescending(row => row.Revoked).ThenBy(row => row.Name)
            .Select(row => new TokenInfo(row.Name, row.Scope, row.Created, row.CreatedBy, row.Expires, row.LastUsed, row.LastAddress, row.Revoked))
            .ToListAsync(cancellationToken);
    }

    private static void Check(ConfigurationDraft draft, TokenEntry entry, DateTimeOffset now)
    {
        if (!TokenName.TryParse(entry.Name, out _))
        {
            draft.Refuse("name", $"'{entry.Name}' is not a token's name: {TokenName.Expected}");
        }
        else if (Find(draft, entry.Name) is not null)
        {
            draft.Refuse("name", $"there is a token '{entry.Name}' already: revoke it first");
        }

        if (!Spelling.TryParse<TokenScope>(entry.Scope, out _))
        {
            draft.Refuse("scope", $"'{entry.Scope}' is not a scope: read or write");
        }

        if (entry.Expires <= now)
        {
            draft.Refuse("expires", $"the end of a token lies in the future");
        }
    }

    private static ApiToken? Find(ConfigurationDraft draft, string name) => TokenName.TryParse(name, out var known) ? draft.Current.Tokens.Find(known) : null;

    private AuditRow Row(Actor actor, string action, string target, TokenEntry? before, TokenEntry? after) => new()
    {
        At = clock.Wall,
        Actor = actor.Name,
        Address = actor.Address,
        Action = action,
        Target = target,
        Before = EntryWriter.Audit(before),
        After = EntryWriter.Audit(after),
    };
}
