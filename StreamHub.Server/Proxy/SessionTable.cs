using System.Collections.Concurrent;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Hosting;
using StreamHub.Server.Instances;

namespace StreamHub.Server.Proxy;

/// <summary>The open app WebSockets: who is where. The supervisor is told of each opening and closing.</summary>
public sealed class SessionTable(Supervisor supervisor, SteadyClock clock)
{
    private readonly ConcurrentDictionary<long, AppSession> sessions = new();
    private long lastId;

    /// <summary>Every open session, oldest first.</summary>
    public IReadOnlyList<AppSession> All => [.. sessions.Values.OrderBy(session => session.Id)];

    /// <summary>Counts a session until the result is disposed.</summary>
    public IDisposable Open(InstanceKey instance, RunId run, UserName user, ClientAddress address)
    {
        var session = new AppSession(Interlocked.Increment(ref lastId), instance, run, user, address, clock.Now);
        sessions[session.Id] = session;
        supervisor.Post(new HubEvent.SessionOpened(run));
        return new Registration(this, session);
    }

    private void Close(AppSession session)
    {
        if (sessions.TryRemove(session.Id, out _))
        {
            supervisor.Post(new HubEvent.SessionClosed(session.Run));
        }
    }

    private sealed class Registration(SessionTable table, AppSession session) : IDisposable
    {
        public void Dispose() => table.Close(session);
    }
}
