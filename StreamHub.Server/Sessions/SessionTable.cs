using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Sessions;

/// <summary>The open app WebSockets, by instance: who is where, and who last did something. The supervisor is told of it.</summary>
internal sealed class SessionTable(Supervisor supervisor, SteadyClock clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<InstanceKey, List<Registration>> open = [];

    // Of each instance whose last run was stopped for want of use: who had a session open then, and has not had another since.
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

    /// <summary>Whether somebody has a session in a run.</summary>
    public bool Has(InstanceKey instance, Guest guest, RunId run)
    {
        lock (gate)
        {
            return Registered(instance).Any(session => session.Run == run && session.Guest == guest);
        }
    }

    /// <summary>
    /// Whether an instance was stopped because nobody used it while somebody had a session open, and has not run since: what their
    /// page connects again by itself is no wish to use it.
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
                // Their page may connect again before the end of its old connection is noticed here.
                || Registered(instance).Any(session => session.Guest == guest && IsIdleStop(now, session.Run));
        }
    }

    /// <summary>Counts a session until the result is disposed.</summary>
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
        // What was remembered of an earlier run says nothing any more, nor of an instance that is no more.
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
    /// An open session. Somebody who drags a slider sends dozens of messages a second, and the idle time is counted in minutes: the first is told at
    /// once, the rest together when the interval is over.
    /// </summary>
    public sealed class Registration(SessionTable table, Supervisor supervisor, SteadyClock clock, AppSession session) : IDisposable
    {
        private readonly Lock gate = new();
        private DateTimeOffset lastActive = session.LastActive;
        private DateTimeOffset? told;
        private ITimer? late;

        /// <summary>In which run.</summary>
        internal RunId Run => session.Run;

        /// <summary>Whose.</summary>
        internal Guest Guest { get; } = new(session.User, session.Address);

        /// <summary>The session now.</summary>
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

        /// <summary>The person did something.</summary>
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

        /// <summary>The session is closed.</summary>
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
