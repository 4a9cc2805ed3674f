using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Claim;

/// <summary>One-time links that make an address an admin's. Only their hashes are stored.</summary>
internal sealed class ClaimTokens(IDbContextFactory<HubDbContext> contexts, ConfigurationEditor editor, AuditTrail audit, SteadyClock clock) : IDisposable
{
    /// <summary>Unknown links of one network within a minute that are answered as such; further ones are answered with 429.</summary>
    internal const int TriesPerMinute = 10;

    /// <summary>How long used and expired links are remembered.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private const int TokenBytes = 32;
    private static readonly TimeSpan Validity = TimeSpan.FromHours(24);

    // Only unknown links are limited: 32 random bytes cannot be guessed, and an attacker must not block the owner of a valid link.
    private readonly PartitionedRateLimiter<ClientAddress> tries = PartitionedRateLimiter.Create<ClientAddress, ClientAddress>(site =>
        RateLimitPartition.GetFixedWindowLimiter(site, static _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) }));

    public static string Link(string baseAddress, string token) => $"{baseAddress}/claim?token={token}";

    /// <summary>Creates a token that works once within 24 hours. The audit records its expiry, not the token.</summary>
    public async Task<string> CreateAsync(Actor actor, CancellationToken cancellationToken)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = clock.Wall;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.ClaimTokens.Where(row => row.Expires <= now - Memory).ExecuteDeleteAsync(cancellationToken);
        db.ClaimTokens.Add(new ClaimTokenRow { Hash = Hash(token), Expires = now + Validity });
        var head = await AuditTrail.AddAsync(db, [editor.Entry(actor, "link.created", "", null, EntryWriter.Audit(new { Expires = now + Validity }))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        audit.Anchor(head);
        return token;
    }

    /// <summary>The state of a link: <see cref="ClaimOutcome.Open"/>, or why it cannot be redeemed. Changes nothing.</summary>
    public async Task<ClaimOutcome> FindAsync(string token, ClientAddress address, CancellationToken cancellationToken)
    {
        var (hash, now) = (Hash(token), clock.Wall);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.ClaimTokens.AsNoTracking().FirstOrDefaultAsync(row => row.Hash == hash, cancellationToken) is { } row)
        {
            return row.Used is not null ? ClaimOutcome.Used : row.Expires <= now ? ClaimOutcome.Expired : ClaimOutcome.Open;
        }

        using var lease = tries.AttemptAcquire(address.Site);
        return lease.IsAcquired ? ClaimOutcome.Unknown : ClaimOutcome.TooManyTries;
    }

    /// <summary>Redeems a token and makes the address an admin's in one transaction.</summary>
    public async Task<ClaimOutcome> RedeemAsync(string token, ClientAddress address, CancellationToken cancellationToken)
    {
        // Checked before the write lock: guesses must not block writers.
        var found = await FindAsync(token, address, cancellationToken);
        if (found != ClaimOutcome.Open)
        {
            return found;
        }

        var (hash, now) = (Hash(token), clock.Wall);
        var (actor, admin) = (Actor.Setup with { Address = address.ToString() }, "");
        var taken = false;
        var result = await editor.ChangeAsync(
            draft => admin = Admit(draft, address, now),
            strict: false,
            default,
            actor,
            cancellationToken,
            // The condition is part of the update: of two concurrent requests, one redeems the link.
            async (db, rows) =>
            {
                taken = await db.ClaimTokens
                    .Where(row => row.Hash == hash && row.Used == null && row.Expires > now)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Used, now), cancellationToken) != 1;
                rows.Add(editor.Entry(actor, "link.opened", admin, null, null));
                return !taken;
            },
            act: ("link.open", address.ToString()));
        return result.Succeeded ? ClaimOutcome.Claimed : taken ? ClaimOutcome.Used : ClaimOutcome.Refused;
    }

    public void Dispose() => tries.Dispose();

    /// <returns>The name of the user that owns the address from now on.</returns>
    private static string Admit(ConfigurationDraft draft, ClientAddress address, DateTimeOffset now)
    {
        var single = AddressRange.Single(address);
        switch (draft.Current.Policy.Decide(address, now))
        {
            case AccessDecision.Admitted { User: { Role: Role.Admin } user }:
                return user.Name.ToString();
            case { Claim: (var user, var rule) } when rule == single && (user.Role == Role.Admin || user.Addresses.Length == 1):
                draft.Put(user, user with { Role = Role.Admin, Expires = null, Disabled = false, Hours = WeekHours.Always }, "");
                return user.Name.ToString();
            case var other:
                // Unassigned, or one of several addresses of a user: the other addresses must not become an admin's.
                if (other.Claim is (var owner, var range) && range == single)
                {
                    draft.Put(owner, owner with { Addresses = owner.Addresses.Remove(single) }, "");
                }

                var name = FreeName(draft);
                draft.Put(null, new User(name, Role.Admin, [single], ImmutableHashSet<Domain.Apps.AppSlug>.Empty), "");
                return name.ToString();
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
}
