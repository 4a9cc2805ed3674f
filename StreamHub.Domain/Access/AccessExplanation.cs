using System.Collections.Immutable;
using System.Globalization;
using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>
/// Why an address is admitted or refused. The codes of the steps and their values: <c>range.none</c> address ·
/// <c>range.matched</c> range, user, role · <c>range.won</c> range, user, <c>only</c>, <c>narrowest</c> or <c>lesserRole</c> ·
/// <c>user.disabled</c> user · <c>user.expired</c> user, instant · <c>user.outsideHours</c> user, hours, local time, zone ·
/// <c>user.inForce</c> user · <c>app.unknown</c> slug · <c>app.admin</c> slug, user · <c>app.assigned</c> slug, user ·
/// <c>app.notAssigned</c> slug, user · <c>listener.users</c> and <c>listener.admin</c> <c>open</c> or <c>shut</c> ·
/// <c>browser.known</c> user.
/// </summary>
/// <param name="App">The app asked for; null for the hub itself.</param>
/// <param name="Allowed">Whether the app is accessible; without an app, whether the users' listener is.</param>
/// <param name="Steps">The trace, in evaluation order.</param>
public sealed record AccessExplanation(
    ClientAddress Address, AppSlug? App, AccessDecision Decision, bool Allowed, ImmutableArray<AccessStep> Steps)
{
    /// <summary>Explains what <see cref="AccessPolicy.Decide(ClientAddress, DateTimeOffset)"/> says.</summary>
    /// <param name="isKnown">Whether the app is registered.</param>
    /// <param name="knownBrowsers">Whether admins also need a known browser.</param>
    public static AccessExplanation Of(AccessPolicy policy, ClientAddress address, AppSlug? app, bool isKnown, DateTimeOffset now, bool knownBrowsers = false)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var decision = policy.Decide(address, now);
        var steps = ImmutableArray.CreateBuilder<AccessStep>();
        Ranges(policy, address, decision, steps);
        State(policy, decision, now, steps);
        var user = (decision as AccessDecision.Admitted)?.User;
        var opens = user is not null;
        if (app is { } slug && decision.Claim is { User: var owner })
        {
            var (code, text) = !isKnown ? ("app.unknown", $"there is no app {slug}")
                : owner.Role == Role.Admin ? ("app.admin", $"{owner.Name} is an admin: admins open every app")
                : owner.MayOpen(slug) ? ("app.assigned", $"{slug} is assigned to {owner.Name}")
                : ("app.notAssigned", $"{slug} is not assigned to {owner.Name}");
            steps.Add(new AccessStep(code, isKnown ? [slug.ToString(), owner.Name.ToString()] : [slug.ToString()], text));
            opens = opens && isKnown && owner.MayOpen(slug);
        }

        Door("users", user is not null);
        Door("admin", user?.Role == Role.Admin);
        if (knownBrowsers && user is { Role: Role.Admin })
        {
            steps.Add(new AccessStep("browser.known", [user.Name.ToString()], $"in a browser that opened an admin link; any other is a user's, who has what is assigned to {user.Name}"));
        }

        return new AccessExplanation(address, app, decision, opens, steps.ToImmutable());

        void Door(string name, bool isOpen) => steps.Add(new AccessStep(
            $"listener.{name}", [isOpen ? "open" : "shut"], $"the {(name == "users" ? "users'" : "admin")} listener {(isOpen ? "lets" : "does not let")} {address} in"));
    }

    private static void Ranges(AccessPolicy policy, ClientAddress address, AccessDecision decision, ImmutableArray<AccessStep>.Builder steps)
    {
        var matches = policy.Users.SelectMany(user => user.Addresses, (user, range) => (user, range))
            .Where(claim => claim.range.Contains(address))
            .OrderByDescending(claim => claim.range.Bits).ThenBy(claim => claim.user.Role)
            .ToList();
        foreach (var (user, range) in matches)
        {
            var role = user.Role == Role.Admin ? "admin" : "user";
            steps.Add(new AccessStep("range.matched", [range.ToString(), user.Name.ToString(), role], $"{range} of {user.Name} ({role}) holds {address}"));
        }

        if (decision.Claim is not var (winner, rule))
        {
            steps.Add(new AccessStep("range.none", [address.ToString()], $"no range of any user holds {address}"));
            return;
        }

        var (why, text) = matches.Count == 1 ? ("only", "is the only one")
            : matches[1].range != rule ? ("narrowest", "is the narrowest")
            : ("lesserRole", "belongs to two users: the lesser role wins");
        steps.Add(new AccessStep("range.won", [rule.ToString(), winner.Name.ToString(), why], $"{rule} of {winner.Name} wins: it {text}"));
    }

    private static void State(AccessPolicy policy, AccessDecision decision, DateTimeOffset now, ImmutableArray<AccessStep>.Builder steps)
    {
        if (decision.Claim is not { User: var user })
        {
            return;
        }

        var name = user.Name.ToString();
        var local = TimeZoneInfo.ConvertTime(now, policy.Zone).ToString("ddd yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
        steps.Add(decision switch
        {
            AccessDecision.Disabled => new AccessStep("user.disabled", [name], $"{name} is disabled"),
            AccessDecision.Expired => Expired(user.Expires!.Value.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)),
            AccessDecision.OutsideHours => new AccessStep(
                "user.outsideHours", [name, user.Hours.ToString(), local, policy.Zone.Id], $"{name} may come in at {user.Hours}; it is {local} in {policy.Zone.Id}"),
            AccessDecision.Admitted => new AccessStep("user.inForce", [name], $"{name} is in force"),
            _ => throw new InvalidOperationException($"{decision} has no user."),
        });

        AccessStep Expired(string end) => new("user.expired", [name, end], $"the access of {name} ended at {end}");
    }
}
