using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Sessions;

/// <summary>
/// Decides which guests get a session in an instance, and which wait; the only place that does. It answers at once and only
/// stores the present guests: a guest in line is admitted at the next request or poll of the page.
/// </summary>
internal sealed class WaitingRooms(Supervisor supervisor, HubSettings settings, SteadyClock clock)
{
    /// <summary>How long a returning session waits until the end of its old connection is detected.</summary>
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(2);

    private readonly TimeSpan grace = settings.Limits.ReconnectGrace;
    private readonly Dictionary<InstanceKey, WaitingRoom> rooms = [];
    private readonly Lock deciding = new();

    /// <summary>Takes a seat for a new or returning session.</summary>
    /// <param name="made">The run that created a returning session; null for a new one.</param>
    /// <returns>The seat, taken until it is disposed of; null without a free seat, or without a run.</returns>
    public async Task<Seat?> EnterAsync(InstanceKey key, Guest guest, RunId? made, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(NoticeTime, clock.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while (true)
        {
            var change = supervisor.NextChange(key);
            var seen = supervisor.State.Find(key);

            // A session stays with its run until the run ends, even after a newer run took over.
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

    /// <summary>A guest opens a page. Returns whether a seat is reserved for its session; else the guest joins the line.</summary>
    public bool Visit(InstanceKey key, Guest guest) => Decide(key, (room, plan) => room.Visit(guest, plan));

    /// <summary>A page without a session polls. Returns whether a seat is free; else the guest joins the line.</summary>
    public bool Poll(InstanceKey key, Guest guest) => Decide(key, (room, plan) => room.Poll(guest, plan));

    /// <summary>A guest's place in the line, recorded as a sign of life; null outside the line.</summary>
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

    /// <summary>A seat of a run, taken until it is disposed of. The way its session ends determines how long it stays reserved.</summary>
    public sealed class Seat(WaitingRooms rooms, InstanceKey key, Guest guest, Run run) : IDisposable
    {
        private TimeSpan keep;
        private bool isLeft;

        public Run Run => run;

        /// <summary>The session has started. After a broken connection it may return.</summary>
        public void Begin() => keep = rooms.grace;

        /// <summary>The page was closed normally.</summary>
        public void End() => keep = WaitingRoom.ReloadTime;

        /// <summary>The session will not return.</summary>
        public void GiveUp() => keep = TimeSpan.Zero;

        /// <summary>Ends the session.</summary>
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
