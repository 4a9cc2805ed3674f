using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Sessions;

/// <summary>
/// The open app WebSockets, by instance, with the time of the last user action. Reports them to the supervisor. Of runs without WebSockets, the
/// people who asked lately stand for sessions.
/// </summary>
internal sealed class SessionTable(Supervisor supervisor, RunUses uses, SteadyClock clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<InstanceKey, List<Registration>> open = [];

    // For each instance whose last run was stopped as idle: guests with an open session at that time, and without a new one
    // since.
    private readonly Dictionary<InstanceKey, (RunId Run, HashSet<Guest> Guests)> forgotten = [];

    /// <summary>Every open session, oldest first.</summary>
    public IReadOnlyList<AppSession> All
    {
        get
        {
            lock (gate)
            {
                return [.. open.Values.SelectMany(static sessions => sessions).Select(static session => session.Session)
                    .Concat(supervisor.State.Instances.Values.SelectMany(People)).OrderBy(static session => session.Opened)];
            }
        }
    }

    /// <summary>The open sessions of an instance, oldest first.</summary>
    public IReadOnlyList<AppSession> Of(InstanceKey instance)
    {
        lock (gate)
        {
            return [.. Registered(instance).Select(static session => session.Session).Concat(supervisor.State.Find(instance) is { } known ? People(known) : [])];
        }
    }

    /// <summary>Whether a guest has a session in a run.</summary>
    public bool Has(InstanceKey instance, Guest guest, RunId run)
    {
        lock (gate)
        {
            return Registered(instance).Any(session => session.Run == run && session.Guest == guest);
        }
    }

    /// <summary>
    /// Whether an instance was stopped as idle while the guest had a session open, and has not run since: the automatic
    /// reconnect of the guest's page is not demand.
    /// </summary>
    public bool IsForgotten(InstanceKey instance, Guest guest)
    {
        if (supervisor.State.Find(instance) is not { } now)
        {
            return false;
        }

        lock (gate)
        {
            return (forgotten.TryGetValue(instance, out var left) && left.Guests.Contains(guest)
                    && (now.Runs.Any(living => living.Id == left.Run) || (now.Runs.IsEmpty && now.LastExit?.Run == left.Run)))
                // The page may reconnect before the end of its old connection is detected here.
                || Registered(instance).Any(session => session.Guest == guest && IsIdleStop(now, session.Run));
        }
    }

    /// <summary>Registers a session until the result is disposed of.</summary>
    /// <param name="isReturning">Whether a page reconnected to its session.</param>
    public Registration Open(InstanceKey instance, RunId run, UserName user, ClientAddress address, bool isReturning = false)
    {
        var now = clock.Now;
        var session = new Registration(this, uses.Of(run), clock, new AppSession(instance, run, user, address, now, now));
        lock (gate)
        {
            if (!open.TryGetValue(instance, out var sessions))
            {
                open[instance] = sessions = [];
            }

            sessions.Add(session);
            if (forgotten.TryGetValue(instance, out var left) && left.Guests.Remove(session.Guest) && left.Guests.Count == 0)
            {
                forgotten.Remove(instance);
            }
        }

        supervisor.Post(new HubEvent.SessionOpened(run, isReturning));
        return session;
    }

    private IEnumerable<AppSession> People(Instance instance) =>
        from run in instance.Runs
        where !run.HadSession
        from person in uses.Find(run.Id)?.People() ?? []
        select new AppSession(instance.Key, run.Id, person.Guest.User, person.Guest.Address, person.First, person.Last);

    private List<Registration> Registered(InstanceKey instance) => open.GetValueOrDefault(instance) ?? [];

    private void Close(Registration session, InstanceKey instance)
    {
        lock (gate)
        {
            if (!Registered(instance).Remove(session))
            {
                return;
            }

            if (open[instance].Count == 0)
            {
                open.Remove(instance);
            }

            if (supervisor.State.Find(instance) is { } now && IsIdleStop(now, session.Run))
            {
                Forget(instance, session);
            }
        }

        supervisor.Post(new HubEvent.SessionClosed(session.Run));
    }

    private void Forget(InstanceKey instance, Registration session)
    {
        // Entries of an earlier run, or of a removed instance, are obsolete.
        if (!forgotten.TryGetValue(instance, out var left) || left.Run != session.Run)
        {
            var state = supervisor.State;
            foreach (var gone in forgotten.Keys.Where(key => state.Find(key) is null).ToArray())
            {
                forgotten.Remove(gone);
            }

            forgotten[instance] = left = (session.Run, []);
        }

        left.Guests.Add(session.Guest);
    }

    private static bool IsIdleStop(Instance instance, RunId run) =>
        instance.Runs.FirstOrDefault(living => living.Id == run)?.State is RunState.Stopping { Reason: StopReason.Idle } or RunState.Killing { Reason: StopReason.Idle }
        || (instance.LastExit is { Outcome: ExitOutcome.Ended { Reason: StopReason.Idle } } exit && exit.Run == run);

    /// <summary>An open session.</summary>
    public sealed class Registration(SessionTable table, RunUse use, SteadyClock clock, AppSession session) : IDisposable
    {
        private readonly Lock gate = new();
        private DateTimeOffset lastActive = session.LastActive;
        private IDisposable? work;
        private IDisposable? unattended;
        private bool isClosed;

        internal RunId Run => session.Run;

        internal Guest Guest { get; } = new(session.User, session.Address);

        /// <summary>The current state of the session.</summary>
        internal AppSession Session
        {
            get
            {
                lock (gate)
                {
                    return session with { LastActive = lastActive };
                }
            }
        }

        /// <summary>The user acted in the session.</summary>
        public void Use()
        {
            lock (gate)
            {
                lastActive = clock.Now;
            }

            use.Act();
        }

        /// <summary>Whether a script runs for the user, and whether one runs that nobody has asked for.</summary>
        public void Follow(bool isWorking, bool isUnattended)
        {
            lock (gate)
            {
                work = Follow(work, isWorking && !isClosed, use.Begin);
                unattended = Follow(unattended, isUnattended && !isClosed, use.BeginUnattended);
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                isClosed = true;
            }

            Follow(isWorking: false, isUnattended: false);
            table.Close(this, session.Instance);
        }

        private static IDisposable? Follow(IDisposable? present, bool isWanted, Func<IDisposable> begin)
        {
            if (isWanted)
            {
                return present ?? begin();
            }

            present?.Dispose();
            return null;
        }
    }
}
