using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Supervision;

/// <summary>
/// The use of a run. Dragging a slider sends dozens of messages a second, and the idle timeout is counted in minutes: the first use is reported at
/// once, further ones together at the end of the interval.
/// </summary>
internal sealed class RunUse(Supervisor supervisor, SteadyClock clock, RunId run)
{
    /// <summary>A response or upload that takes less is not use in itself: pages load files without anybody, as after an automatic rerun.</summary>
    public static readonly TimeSpan Brief = TimeSpan.FromSeconds(1);

    // The end of a computation shows in the next measurement.
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly HashSet<Work> works = [];
    private readonly Dictionary<Guest, (DateTimeOffset First, DateTimeOffset Last)> people = [];
    private bool isActDue;
    private bool isWorkDue;
    private DateTimeOffset? told;
    private int unattended;
    private DateTimeOffset? unattendedEnd;

    /// <summary>A person acted.</summary>
    public void Act() => Note(isAct: true, isWork: false);

    /// <summary>A person asked over HTTP, where every request counts.</summary>
    public void Ask(Guest guest)
    {
        lock (gate)
        {
            var now = clock.Now;
            people[guest] = (people.TryGetValue(guest, out var seen) && IsPresent(seen.Last, now) ? seen.First : now, now);
        }

        Note(isAct: true, isWork: true);
    }

    /// <summary>A script runs for a person, or a response or upload is under way, until the result is disposed of.</summary>
    public IDisposable Begin()
    {
        lock (gate)
        {
            var work = new Work(this, clock.Now);
            works.Add(work);
            return work;
        }
    }

    /// <summary>Something runs that nobody has asked for, an automatic rerun or a visit by the hub, until the result is disposed of.</summary>
    public IDisposable BeginUnattended()
    {
        lock (gate)
        {
            unattended++;
            return new Unattended(this);
        }
    }

    /// <summary>Whether something that nobody has asked for was running since a time.</summary>
    public bool WasUnattended(DateTimeOffset since)
    {
        lock (gate)
        {
            return unattended > 0 || unattendedEnd + Echo >= since;
        }
    }

    /// <summary>The people who asked lately over HTTP, with their first and last request.</summary>
    public IReadOnlyList<(Guest Guest, DateTimeOffset First, DateTimeOffset Last)> People()
    {
        lock (gate)
        {
            var now = clock.Now;
            return [.. people.Where(person => IsPresent(person.Value.Last, now)).Select(person => (person.Key, person.Value.First, person.Value.Last))];
        }
    }

    /// <summary>Whether a guest asked over HTTP so lately that a drain waits for the next request.</summary>
    public bool IsWaitedFor(Guest guest)
    {
        lock (gate)
        {
            return people.TryGetValue(guest, out var seen) && clock.Now - seen.Last < Idleness.AskedTime;
        }
    }

    /// <summary>A guest has moved to another run.</summary>
    public void Leave(Guest guest)
    {
        lock (gate)
        {
            people.Remove(guest);
        }
    }

    /// <summary>Reports what is due or under way. Called several times a second.</summary>
    internal void Look()
    {
        lock (gate)
        {
            var now = clock.Now;
            isWorkDue |= works.Any(work => now - work.Begun >= Brief);
            foreach (var gone in people.Where(person => !IsPresent(person.Value.Last, now)).Select(person => person.Key).ToArray())
            {
                people.Remove(gone);
            }

            Tell(now);
        }
    }

    private static bool IsPresent(DateTimeOffset last, DateTimeOffset now) => now - last < Idleness.PresenceTime;

    private void Note(bool isAct, bool isWork)
    {
        lock (gate)
        {
            isActDue |= isAct;
            isWorkDue |= isWork;
            Tell(clock.Now);
        }
    }

    private void Tell(DateTimeOffset now)
    {
        if ((isActDue || isWorkDue) && !(told + supervisor.UseInterval(run) > now))
        {
            supervisor.PostOnce(new HubEvent.Used(run, IsPerson: isActDue, IsUnderWay: isWorkDue));
            (told, isActDue, isWorkDue) = (now, false, false);
        }
    }

    private void End(Work work)
    {
        lock (gate)
        {
            if (works.Remove(work) && clock.Now - work.Begun >= Brief)
            {
                Note(isAct: false, isWork: true);
            }
        }
    }

    private void EndUnattended()
    {
        lock (gate)
        {
            unattended--;
            unattendedEnd = clock.Now;
        }
    }

    private sealed class Work(RunUse use, DateTimeOffset begun) : IDisposable
    {
        public DateTimeOffset Begun => begun;

        public void Dispose() => use.End(this);
    }

    private sealed class Unattended(RunUse use) : IDisposable
    {
        private int isEnded;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isEnded, 1) == 0)
            {
                use.EndUnattended();
            }
        }
    }
}
