using System.Collections.Immutable;

namespace StreamHub.Domain.Access;

/// <summary>
/// Past visits replayed against a draft: who would gain access and who would lose it. Users count as they are now; hours
/// count at the middle of the hour of the visit, as visits are kept by the hour.
/// </summary>
/// <param name="Gains">Let in by the draft, and now refused or let in as somebody else; most visits first.</param>
/// <param name="Losses">Let in now, and by the draft refused or let in as somebody else; most visits first.</param>
public sealed record AccessPreview(ImmutableArray<AccessShift> Gains, ImmutableArray<AccessShift> Losses)
{
    private static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    /// <summary>Replays visits.</summary>
    /// <param name="renamed">The draft's names of users by those in force, where they differ: who is renamed neither gains nor loses.</param>
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

    /// <summary>The rehearsal as lines: <c>would lose: 10.0.0.7 (kim) sales, 12 visits</c>.</summary>
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
