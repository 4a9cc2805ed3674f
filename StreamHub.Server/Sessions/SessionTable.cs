using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Sessions;

/// <summary>The open app WebSockets, by instance, with the time of the last user action. Reports them to the supervisor.</summary>
internal sealed class SessionTable(Supervisor supervisor, SteadyClock clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<InstanceKey, List<Registration>> open = [];

    // For each instance whose last run was stopped as idle: guests with an open session at that time, and without a new one
    // since.
    private readonly Dictionary<InstanceKey, (RunId Run, HashSet<Guest> Guests)> forgotten = [];
    private long lastId;

    /// <summary>Every open session, oldest first.</summary>
    public IReadOnlyList<AppSession> All
    {
        get
        {
            lock (gate)
            {
                return [.. open.Values.SelectMany(static sessions => sessions).Select(static session => session.Session).OrderBy(static session => session.Id)];
            }
        }
    }

    /// <summary>The open sessions of an instance, oldest first.</summary>
    public IReadOnlyList<AppSession> Of(InstanceKey instance)
    {
        lock (gate)
        {
            return [.. Registered(instance).Select(static session => session.Session)];
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
    public Registration Open(InstanceKey instance, RunId run, UserName user, ClientAddress address)
    {
        var now = clock.Now;
        var session = new Registration(this, supervisor, clock, new AppSession(Interlocked.Increment(ref lastId), instance, run, user, address, now, now));
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

        supervisor.Post(new HubEvent.SessionOpened(run));
        return session;
    }

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

    /// <summary>
    /// An open session. Dragging a slider sends dozens of messages a second, and the idle timeout is counted in minutes: the
    /// first message is reported at once, the others together at the end of the interval.
    /// </summary>
    public sealed class Registration(SessionTable table, Supervisor supervisor, SteadyClock clock, AppSession session) : IDisposable
    {
        private readonly Lock gate = new();
        private DateTimeOffset lastActive = session.LastActive;
        private DateTimeOffset? told;
        private ITimer? late;

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
                if (late is not null)
                {
                    return;
                }

                var next = told + supervisor.UseInterval(session.Instance);
                if (next > lastActive)
                {
                    late = clock.TimeProvider.CreateTimer(_ => TellLate(), null, next.Value - lastActive, Timeout.InfiniteTimeSpan);
                }
                else
                {
                    Tell();
                }
            }
        }

        public void Dispose()
        {
            TellLate();
            table.Close(this, session.Instance);
        }

        private void TellLate()
        {
            lock (gate)
            {
                if (late is not null)
                {
                    late.Dispose();
                    late = null;
                    Tell();
                }
            }
        }

        private void Tell()
        {
            told = clock.Now;
            supervisor.PostOnce(new HubEvent.Used(session.Run, IsPerson: true));
        }
    }
}
