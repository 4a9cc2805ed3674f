using System.Collections.Concurrent;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Sessions;

/// <summary>The open app WebSockets: who is where, and who last did something. The supervisor is told of it.</summary>
internal sealed class SessionTable(Supervisor supervisor, SteadyClock clock)
{
    // Somebody who drags a slider sends dozens of messages a second; the idle time is counted in minutes.
    private static readonly TimeSpan UseInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, AppSession> sessions = new();

    // Whoever had a session open when its run was stopped for want of use, and has not had another since.
    private readonly ConcurrentDictionary<(InstanceKey Instance, Guest Guest), RunId> forgotten = new();
    private long lastId;

    /// <summary>Every open session, oldest first.</summary>
    public IReadOnlyList<AppSession> All => [.. sessions.Values.OrderBy(session => session.Id)];

    /// <summary>Whether somebody has a session in a run.</summary>
    public bool Has(Guest guest, RunId run) => sessions.Values.Any(session => session.Run == run && session.User == guest.User && session.Address == guest.Address);

    /// <summary>
    /// Whether an instance was stopped because nobody used it while somebody had a session open, and has not run since: what their
    /// page connects again by itself is no wish to use it.
    /// </summary>
    public bool IsForgotten(InstanceKey instance, Guest guest) =>
        (forgotten.TryGetValue((instance, guest), out var run) && supervisor.State.Find(instance) is { } now
            && (now.Runs.Any(living => living.Id == run) || (now.Runs.IsEmpty && now.LastExit?.Run == run)))
        // Their page may connect again before the end of its old connection is noticed here.
        || sessions.Values.Any(session => session.Instance == instance && new Guest(session.User, session.Address) == guest && IsIdleStop(session));

    /// <summary>Counts a session until the result is disposed.</summary>
    public Registration Open(InstanceKey instance, RunId run, UserName user, ClientAddress address)
    {
        var now = clock.Now;
        var session = new AppSession(Interlocked.Increment(ref lastId), instance, run, user, address, now, now);
        sessions[session.Id] = session;
        forgotten.TryRemove((instance, new Guest(user, address)), out _);
        supervisor.Post(new HubEvent.SessionOpened(run));
        return new Registration(this, session);
    }

    private void Use(ref AppSession session, bool isFirst)
    {
        var used = session with { LastActive = clock.Now };
        if ((isFirst || used.LastActive - session.LastActive >= UseInterval) && sessions.TryUpdate(session.Id, used, session))
        {
            session = used;
            supervisor.Post(new HubEvent.Used(session.Run, IsPerson: true));
        }
    }

    private void Close(AppSession session)
    {
        if (sessions.TryRemove(session.Id, out _))
        {
            if (IsIdleStop(session))
            {
                forgotten[(session.Instance, new Guest(session.User, session.Address))] = session.Run;
            }

            supervisor.Post(new HubEvent.SessionClosed(session.Run));
        }
    }

    private bool IsIdleStop(AppSession session) => supervisor.State.Find(session.Instance) is { } instance
        && (instance.Runs.FirstOrDefault(run => run.Id == session.Run)?.State is RunState.Stopping { Reason: StopReason.Idle } or RunState.Killing { Reason: StopReason.Idle }
            || instance.LastExit is { Outcome: ExitOutcome.Ended { Reason: StopReason.Idle } } exit && exit.Run == session.Run);

    /// <summary>An open session. Its person's messages come one after another.</summary>
    public sealed class Registration(SessionTable table, AppSession session) : IDisposable
    {
        private AppSession session = session;

        // What a page says at its start comes within the interval, and the script that it runs may already be the one that never ends.
        private bool isUsed;

        /// <summary>The person did something.</summary>
        public void Use()
        {
            table.Use(ref session, isFirst: !isUsed);
            isUsed = true;
        }

        /// <summary>The session is closed.</summary>
        public void Dispose() => table.Close(session);
    }
}
