using System.Collections.Immutable;

namespace StreamHub.Domain.Access;

/// <summary>
/// Past visits replayed against a draft policy: gained and lost access. Users are evaluated as of now; permitted hours are
/// evaluated at the middle of the hour of the visit, because visits are stored by the hour.
/// </summary>
/// <param name="Gains">Admitted by the draft, and currently refused or admitted as another user; most visits first.</param>
/// <param name="Losses">Currently admitted, and by the draft refused or admitted as another user; most visits first.</param>
public sealed record AccessPreview(ImmutableArray<AccessShift> Gains, ImmutableArray<AccessShift> Losses)
{
    private static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    /// <param name="renamed">Maps current user names to their names in the draft, where they differ: a rename is neither a gain nor a loss.</param>
    public static AccessPreview Replay(
        IEnumerable<Visit> visits, AccessPolicy before, AccessPolicy after, DateTimeOffset now, IReadOnlyDictionary<UserName, UserName>? renamed = null)
    {
        ArgumentNullException.ThrowIfNull(visits);
        var gains = new List<AccessShift>();
        var losses = new List<AccessShift>();
        foreach (var visit in visits)
        {
            var (then, next) = (Guest(before, visit, now), Guest(after, visit, now));
            if ((then is null ? (UserName?)null : renamed?.GetValueOrDefault(then.Name, then.Name) ?? then.Name) == next?.Name)
            {
                continue;
            }

            if (next is not null)
            {
                gains.Add(new AccessShift(visit.Address, next.Name, visit.App, visit.IsAdmin, visit.Count));
            }

            if (then is not null)
            {
                losses.Add(new AccessShift(visit.Address, then.Name, visit.App, visit.IsAdmin, visit.Count));
            }
        }

        return new AccessPreview(Sum(gains), Sum(losses));
    }

    /// <summary>The preview as lines: <c>would lose: 10.0.0.7 (kim) sales, 12 visits</c>.</summary>
    public IEnumerable<string> Lines() =>
        Gains.Select(shift => Line("gain", shift)).Concat(Losses.Select(shift => Line("lose", shift)));

    private static string Line(string verb, AccessShift shift) =>
        $"would {verb}: {shift.Address} ({shift.User}) {shift.App?.ToString() ?? (shift.IsAdmin ? "admin pages" : "home")}, {shift.Visits} {(shift.Visits == 1 ? "visit" : "visits")}";

    private static User? Guest(AccessPolicy policy, Visit visit, DateTimeOffset now) =>
        policy.Decide(visit.Address, now, visit.Hour + HalfHour) is AccessDecision.Admitted { User: var user }
        && (!visit.IsAdmin || user.Role == Role.Admin)
        && (visit.App is not { } app || user.MayOpen(app))
            ? user
            : null;

    private static ImmutableArray<AccessShift> Sum(List<AccessShift> shifts) =>
    [
        .. shifts.GroupBy(shift => shift with { Visits = 0 }, (key, all) => key with { Visits = all.Sum(shift => shift.Visits) })
            .OrderByDescending(shift => shift.Visits).ThenBy(shift => shift.Address.Bits),
    ];
}
