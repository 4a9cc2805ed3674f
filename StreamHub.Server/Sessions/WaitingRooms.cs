using StreamHub.Domain.Instances;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Sessions;

/// <summary>
/// The one place that decides who gets a session in an instance, and who waits for one. It answers at once, and remembers nothing but
/// who is there: whoever stands in line is let in when their page, or its next poll, looks again.
/// </summary>
internal sealed class WaitingRooms(Supervisor supervisor, HubSettings settings, SteadyClock clock)
{
    /// <summary>How long a session that comes back is held up until the end of its old connection is noticed.</summary>
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(2);

    private readonly TimeSpan grace = settings.Limits.ReconnectGrace;
    private readonly Dictionary<InstanceKey, WaitingRoom> rooms = [];
    private readonly Lock deciding = new();

    /// <summary>A session begins.</summary>
    /// <param name="made">The run that it was made in, when it comes back; else null.</param>
    /// <returns>Its seat, until that is disposed; null when there is none, or no run.</returns>
    public async Task<Seat?> EnterAsync(InstanceKey key, Guest guest, RunId? made, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(NoticeTime, clock.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while (true)
        {
            var change = supervisor.NextChange(key);
            var seen = supervisor.State.Find(key);

            // A session stays with its run until that one ends, also when a newer one takes the visitors.
            var own = seen?.Runs.FirstOrDefault(run => run.Id == made && run.IsServing);
            var seat = (own is null ? null : Enter(key, guest, own, comesBack: true)) ?? (seen?.ReadyRun is { } ready && ready.Id != own?.Id ? Enter(key, guest, ready, comesBack: false) : null);
            if (seat is not null || own is null)
            {
                return seat;
            }

            try
            {
                await change.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    /// <summary>Somebody opens a page. Whether there is a seat for its session, which is kept for a while; else they are in line.</summary>
    public bool Visit(InstanceKey key, Guest guest) => Decide(key, (room, plan) => room.Visit(guest, plan));

    /// <summary>A page without a session asks. Whether there is a seat for one; else its guest is in line.</summary>
    public bool Poll(InstanceKey key, Guest guest) => Decide(key, (room, plan) => room.Poll(guest, plan));

    /// <summary>Where somebody stands in the line, who is seen to be there; null when not in it.</summary>
    public SeatPlace? Look(InstanceKey key, Guest guest)
    {
        var (room, plan) = (WaitingRoom.Empty, Plan(key));
        if (plan.Seats is null)
        {
            return null;
        }

        Decide(key, (current, now) =>
        {
            (room, plan) = (current.Look(guest, now), now);
            return (room, true);
        });
        return room.Position(guest) is { } position && plan.Seats is { } seats
            ? new SeatPlace(position, plan.Run is { } run ? room.Taken(run) : 0, seats, plan.Opens is not null, plan.Opens ?? supervisor.SeatsFree(key))
            : null;
    }

    private SeatPlan Plan(InstanceKey key) => SeatPlan.Of(supervisor.State.Find(key), grace, clock.Now);

    private Seat? Enter(InstanceKey key, Guest guest, Run run, bool comesBack) =>
        Decide(key, (room, plan) => room.Enter(guest, run.Id, comesBack, plan)) ? new Seat(this, key, guest, run) : null;

    private bool Decide(InstanceKey key, Func<WaitingRoom, SeatPlan, (WaitingRoom Room, bool IsIn)> decision)
    {
        lock (deciding)
        {
            var (room, isIn) = decision(rooms.GetValueOrDefault(key, WaitingRoom.Empty), Plan(key));
            if (room.IsEmpty)
            {
                rooms.Remove(key);
            }
            else
            {
                rooms[key] = room;
            }

            return isIn;
        }
    }

    /// <summary>A seat of a run, taken until it is disposed. How its session ends tells how long it is kept.</summary>
    public sealed class Seat(WaitingRooms rooms, InstanceKey key, Guest guest, Run run) : IDisposable
    {
        private TimeSpan keep;
        private bool isLeft;

        /// <summary>Of which run.</summary>
        public Run Run => run;

        /// <summary>The session has begun. When it breaks off it may come back.</summary>
        public void Begin() => keep = rooms.grace;

        /// <summary>The page says that it is done.</summary>
        public void End() => keep = WaitingRoom.ReloadTime;

        /// <summary>Nobody comes back to it.</summary>
        public void GiveUp() => keep = TimeSpan.Zero;

        /// <summary>The session is over.</summary>
        public void Dispose()
        {
            if (!isLeft)
            {
                isLeft = true;
                rooms.Decide(key, (room, plan) => (room.Leave(guest, run.Id, keep, plan), true));
            }
        }
    }
}
