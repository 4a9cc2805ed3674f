using System.Collections.Immutable;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Instances;

/// <summary>
/// The sessions of an instance, reserved seats, and the line of guests without a seat. Taken and reserved seats of a run never
/// exceed its limit. Immutable; time is a parameter.
/// </summary>
public sealed record WaitingRoom
{
    /// <summary>How long a seat is reserved for the next guest in line: Streamlit's page polls every 4 s.</summary>
    public static readonly TimeSpan OfferTime = TimeSpan.FromSeconds(8);

    /// <summary>How long a seat is reserved after a normal page close: the page may be reloading.</summary>
    public static readonly TimeSpan ReloadTime = TimeSpan.FromSeconds(4);

    /// <summary>How long a seat is reserved for a page that is loading.</summary>
    public static readonly TimeSpan ArrivalTime = TimeSpan.FromSeconds(20);

    /// <summary>A place in the line is lost after this time without a sign of life.</summary>
    public static readonly TimeSpan AbsenceTime = TimeSpan.FromSeconds(30);

    private WaitingRoom()
    {
    }

    /// <summary>A room without guests.</summary>
    public static WaitingRoom Empty { get; } = new();

    /// <summary>Whether the room has no guests.</summary>
    public bool IsEmpty => Open.IsEmpty && Kept.IsEmpty && Line.IsEmpty;

    private ImmutableDictionary<RunId, int> Open { get; init; } = ImmutableDictionary<RunId, int>.Empty;

    private ImmutableArray<KeptSeat> Kept { get; init; } = [];

    private ImmutableArray<Waiter> Line { get; init; } = [];

    /// <summary>Taken and reserved seats of a run.</summary>
    public int Taken(RunId run) => Open.GetValueOrDefault(run) + Kept.Count(seat => seat.Run == run);

    /// <summary>A guest's position in the line, from 1; null outside the line.</summary>
    public int? Position(Guest guest) => Array.FindIndex([.. Line], waiter => waiter.Guest == guest) is var index and >= 0 ? index + 1 : null;

    /// <summary>A session begins if a seat is free; else its guest joins the line.</summary>
    /// <param name="run">The plan's run, or the older run of a returning session.</param>
    /// <param name="comesBack">Whether the session already belongs to that run.</param>
    public (WaitingRoom Room, bool IsIn) Enter(Guest guest, RunId run, bool comesBack, SeatPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var room = Settle(plan);
        if (room.Find(guest, run) is { } kept)
        {
            return (room.Begin(run) with { Kept = room.Kept.Remove(kept) }, true);
        }

        return room.IsFree(run, plan) && (comesBack || plan.Opens is null) ? (room.Begin(run), true)
            : run == plan.Run ? (room.Join(guest, plan), false)
            : (room, false);
    }

    /// <summary>A session ends.</summary>
    /// <param name="keep">How long its seat is reserved for the guest; zero for no reservation.</param>
    public WaitingRoom Leave(Guest guest, RunId run, TimeSpan keep, SeatPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var left = Open.GetValueOrDefault(run) - 1;
        var room = this with { Open = left > 0 ? Open.SetItem(run, left) : Open.Remove(run) };
        return (keep > TimeSpan.Zero && plan.Seats is not null ? room.Keep(guest, run, plan.Now + keep) : room).Settle(plan);
    }

    /// <summary>A guest opens a page. A free seat is reserved for its session; without one the guest joins the line.</summary>
    public (WaitingRoom Room, bool IsIn) Visit(Guest guest, SeatPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var room = Settle(plan);
        if (plan.Seats is null)
        {
            return (room, true);
        }

        if (plan.Run is not { } run)
        {
            return (room.Join(guest, plan), false);
        }

        var until = plan.Now + ArrivalTime;
        return room.Find(guest, run) is { } kept ? (kept.Until >= until ? room : room with { Kept = room.Kept.Replace(kept, kept with { Until = until }) }, true)
            : room.IsFree(run, plan) && plan.Opens is null ? (room.Keep(guest, run, until), true)
            : (room.Join(guest, plan), false);
    }

    /// <summary>A page without a session asks for one. Nothing is reserved for it: it may be a forgotten tab.</summary>
    public (WaitingRoom Room, bool IsIn) Poll(Guest guest, SeatPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var room = Settle(plan);

        // The request does not tell whether the page had a session; the session that follows does.
        return plan.Seats is null || plan.Run is not { } run || room.Find(guest, run) is not null || room.IsFree(run, plan) ? (room, true) : (room.Join(guest, plan), false);
    }

    /// <summary>A guest in the line shows a sign of life.</summary>
    public WaitingRoom Look(Guest guest, SeatPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var room = Settle(plan);
        return room.Position(guest) is null ? room : room.Join(guest, plan);
    }

    /// <summary>Drops expired entries, and offers free seats to the first guests in line.</summary>
    private WaitingRoom Settle(SeatPlan plan)
    {
        var room = this with
        {
            Kept = Kept.RemoveAll(seat => seat.Until <= plan.Now),
            Line = plan.Seats is null ? [] : Line.RemoveAll(waiter => waiter.Seen + AbsenceTime <= plan.Now),
        };
        if (plan.Run is not { } run)
        {
            return room;
        }

        room = room with { Line = room.Line.RemoveAll(waiter => room.Find(waiter.Guest, run) is not null) };
        while (plan.Opens is null && room.Line is [var next, ..] && room.IsFree(run, plan))
        {
            room = room.Keep(next.Guest, run, plan.Now + OfferTime) with { Line = room.Line.RemoveAt(0) };
        }

        return room;
    }

    private bool IsFree(RunId run, SeatPlan plan) => plan.Seats is not { } seats || Taken(run) < seats;

    private KeptSeat? Find(Guest guest, RunId run) => Kept.FirstOrDefault(seat => seat.Run == run && seat.Guest == guest);

    private WaitingRoom Begin(RunId run) => this with { Open = Open.SetItem(run, Open.GetValueOrDefault(run) + 1) };

    private WaitingRoom Keep(Guest guest, RunId run, DateTimeOffset until) => this with { Kept = Kept.Add(new KeptSeat(run, guest, until)) };

    private WaitingRoom Join(Guest guest, SeatPlan plan) =>
        this with { Line = Position(guest) is { } position ? Line.SetItem(position - 1, new Waiter(guest, plan.Now)) : Line.Add(new Waiter(guest, plan.Now)) };

    private sealed record KeptSeat(RunId Run, Guest Guest, DateTimeOffset Until);

    private sealed record Waiter(Guest Guest, DateTimeOffset Seen);
}
