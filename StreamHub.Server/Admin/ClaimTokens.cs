using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Admin;

/// <summary>One-time links that make the address they are opened from an admin's. Only their hashes are stored.</summary>
internal sealed class ClaimTokens(IDbContextFactory<HubDbContext> contexts, ConfigurationEditor editor, SteadyClock clock)
{
    private const int TriesPerMinute = 10;
    private const int TokenBytes = 32;
    private static readonly TimeSpan Validity = TimeSpan.FromHours(24);
    private static readonly TimeSpan TryWindow = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> badTries = new();

    /// <summary>Makes a token that works once within 24 hours.</summary>
    public async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = clock.Wall;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.ClaimTokens.Where(row => row.Expires <= now).ExecuteDeleteAsync(cancellationToken);
        db.ClaimTokens.Add(new ClaimTokenRow { Hash = Hash(token), Expires = now + Validity });
        await db.SaveChangesAsync(cancellationToken);
        return token;
    }

    /// <summary>Uses a token up and makes the address an admin's, both or neither.</summary>
    public async Task<ClaimOutcome> RedeemAsync(string token, ClientAddress address, CancellationToken cancellationToken)
    {
        if (IsExhausted())
        {
            return ClaimOutcome.TooManyTries;
        }

        var hash = Hash(token);
        var now = clock.Wall;
        var result = await editor.ChangeAsync(
            draft => Admit(draft, address, now),
            strict: false,
            default,
            new Actor("setup", address.ToString()),
            cancellationToken,
            // The condition is part of the update: of two who open the link at once, one gets it.
            async (db, _) => await db.ClaimTokens
                .Where(row => row.Hash == hash && row.Used == null && row.Expires > now)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Used, now), cancellationToken) == 1);
        if (result.Succeeded)
        {
            return ClaimOutcome.Claimed;
        }

        lock (gate)
        {
            badTries.Enqueue(clock.Now);
        }

        return ClaimOutcome.Invalid;
    }

    private static void Admit(ConfigurationDraft draft, ClientAddress address, DateTimeOffset now)
    {
        var single = AddressRange.Single(address);
        switch (draft.Current.Policy.Decide(address, now))
        {
            case AccessDecision.Admitted { User.Role: Role.Admin }:
                return;
            case AccessDecision.Admitted { User: var user, Rule: var rule } when rule == single:
                draft.Put(user, user with { Role = Role.Admin }, "");
                return;
            case { Claim: (var user, var rule) } when rule == single:
                draft.Put(user, user with { Role = Role.Admin, Expires = null, Disabled = false, Hours = WeekHours.Always }, "");
                return;
            default:
                // Nobody's, or in a wider range of somebody: the others of that range must not become admins along.
                draft.Put(null, new User(FreeName(draft), Role.Admin, [single], ImmutableHashSet<Domain.Apps.AppSlug>.Empty), "");
                return;
        }
    }

    private static UserName FreeName(ConfigurationDraft draft)
    {
        var name = "admin";
        for (var number = 2; draft.FindUser(name) is not null; number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"admin-{number}");
        }

        return UserName.Parse(name);
    }

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private bool IsExhausted()
    {
        lock (gate)
        {
            while (badTries.TryPeek(out var first) && clock.Now - first > TryWindow)
            {
                badTries.Dequeue();
            }

            return badTries.Count >= TriesPerMinute;
        }
    }
}
