using System.Globalization;
using CsCheck;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Tests.Domain.Instances;

/// <summary>Who gets a session where there is room for two, and who waits.</summary>
public sealed class WaitingRoomTests
{
    private static readonly RunId Old = new(1);
    private static readonly RunId New = new(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private WaitingRoom room = WaitingRoom.Empty;
    private SeatPlan plan = new(DateTimeOffset.UnixEpoch, Old, 2, null);

    [Fact]
    public void Whoever_comes_when_all_seats_are_taken_waits_and_comes_in_in_order()
    {
        (Enter(1), Enter(2), Enter(3), Visit(4), Poll(5)).Should().Be((true, true, false, false, false));
        (Position(3), Position(4), Position(5), Position(1)).Should().Be((1, 2, 3, null));

        Leave(1, TimeSpan.Zero);
        (Poll(4), Poll(3), Enter(3)).Should().Be((false, true, true), "the first in line is let in, by its own page");
        (Position(3), Position(4), Position(5)).Should().Be((null, 1, 2));
    }

    [Fact]
    public void A_place_is_kept_while_its_guest_looks_and_lost_after_an_absence()
    {
        _ = (Enter(1), Enter(2), Visit(3), Visit(4));
        Wait(20);
        _ = (Visit(4), Poll(3));
        Wait(20);
        (Position(3), Position(4)).Should().Be((1, 2), "a reload keeps the place");

        Look(4);
        Wait(20);
        Look(4);
        (Position(3), Position(4)).Should().Be((null, 1), "nothing was seen of the first for 40 s");
    }

    [Fact]
    public void A_seat_that_was_offered_to_somebody_who_does_not_come_goes_to_the_next()
    {
        _ = (Enter(1), Enter(2), Visit(3), Visit(4));
        Leave(1, TimeSpan.Zero);
        Look(3);
        (Position(3), Position(4)).Should().Be((null, 1));

        Wait(WaitingRoom.OfferTime.TotalSeconds);
        (Poll(3), Enter(4)).Should().Be((false, true));
        Position(3).Should().Be(1, "who comes too late begins anew");
    }

    [Fact]
    public void A_page_that_is_loaded_has_a_seat_until_its_session_comes()
    {
        _ = (Enter(1), Visit(2));
        (Visit(3), Enter(3)).Should().Be((false, false));
        Visit(2).Should().BeTrue("it was loaded twice");
        Wait(WaitingRoom.ArrivalTime.TotalSeconds - 1);
        Visit(2).Should().BeTrue("it is loaded again");
        Wait(WaitingRoom.ArrivalTime.TotalSeconds - 1);
        Enter(2).Should().BeTrue();
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public void A_session_that_broke_off_finds_its_seat_within_the_grace(int after, bool found)
    {
        _ = (Enter(1), Enter(2), Visit(3));
        Leave(1, Grace);
        Look(3);
        Position(3).Should().Be(1, "the seat is kept for whoever broke off");

        Wait(15);
        Look(3);
        Wait(after - 15);
        _ = Poll(3);
        Enter(1, comesBack: true).Should().Be(found);
        Enter(3).Should().Be(!found);
    }

    [Fact]
    public void A_poll_alone_keeps_no_seat()
    {
        _ = (Enter(1), Poll(2));
        (Enter(3), Poll(2)).Should().Be((true, false));
    }

    [Fact]
    public void Sessions_of_a_replaced_run_count_on_it_and_the_new_one_begins_empty()
    {
        _ = (Enter(1), Enter(2), Visit(3), Visit(4), Visit(5));
        plan = plan with { Run = New };
        Look(5);
        (Position(3), Position(4), Position(5)).Should().Be((null, null, 1));
        (room.Taken(Old), room.Taken(New)).Should().Be((2, 2));

        Leave(1, Grace, Old);
        Enter(1, Old, comesBack: true).Should().BeTrue();
        Enter(6, Old, comesBack: true).Should().BeFalse("the old run has no more seats either");
        Position(6).Should().BeNull("nobody waits for a run that is leaving");
    }

    [Fact]
    public void A_run_that_an_earlier_hub_left_takes_those_first_who_come_back_to_it()
    {
        plan = plan with { Opens = plan.Now + Grace };
        (Visit(3), Enter(3), Poll(1), Enter(1, comesBack: true)).Should().Be((false, false, true, true));
        Position(3).Should().Be(1);

        Wait(29);
        Look(3);
        Position(3).Should().Be(1);
        Wait(1);
        plan = plan with { Opens = null };
        (Visit(3), Enter(3)).Should().Be((true, true));
    }

    [Fact]
    public void Where_nothing_runs_guests_stand_in_line_from_their_visit_on()
    {
        plan = plan with { Run = null };
        _ = (Visit(1), Visit(2), Visit(3), Poll(4));
        (Position(1), Position(3), Position(4)).Should().Be((1, 3, null), "a forgotten page waits for nothing");

        plan = plan with { Run = New };
        (Visit(3), Visit(2), Visit(1)).Should().Be((false, true, true));
    }

    [Fact]
    public void Without_a_limit_everybody_comes_in_and_is_counted_all_the_same()
    {
        plan = plan with { Seats = null };
        Enumerable.Range(0, 50).Should().OnlyContain(guest => Visit(guest) && Poll(guest) && Enter(guest));
        plan = plan with { Seats = 50 };
        Enter(50).Should().BeFalse();
        Leave(1, TimeSpan.Zero);
        Enter(50).Should().BeTrue();
    }

    [Fact]
    public void An_empty_room_is_forgotten()
    {
        _ = (Enter(1), Enter(2), Visit(3));
        Leave(1, Grace);
        Leave(2, WaitingRoom.OfferTime);
        room.IsEmpty.Should().BeFalse("seats are kept, and one waits");
        Wait(60);
        Look(9);
        room.IsEmpty.Should().BeTrue();

        Enter(1);
        room.IsEmpty.Should().BeFalse("somebody has a session");
    }

    [Fact]
    public void The_plan_is_what_the_instance_has_to_offer()
    {
        var app = new App(AppSlug.Parse("a"), "A", new AppRuntime.Demo()) { MaxSessions = 7 };
        var own = new Run(Old, new RunState.Ready(plan.Now), plan.Now, plan.Now) { Launched = plan.Now };
        var adopted = own with { Launched = null };
        SeatPlan.Of(null, Grace, plan.Now).Should().Be(new SeatPlan(plan.Now, null, null, null));
        Of(own, 0).Should().Be(new SeatPlan(plan.Now, Old, 7, null));
        Of(own with { State = new RunState.Draining(plan.Now, null) }, 0).Run.Should().BeNull();
        Of(adopted, 29).Opens.Should().Be(plan.Now + Grace);
        Of(adopted, 30).Opens.Should().BeNull();

        SeatPlan Of(Run run, int after) => SeatPlan.Of(new Instance(new InstanceKey(app.Slug), app) { Runs = [run] }, Grace, plan.Now.AddSeconds(after));
    }

    [Fact]
    public void In_any_history_no_more_seats_are_given_than_there_are_and_none_stays_free_while_somebody_waits() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 5], Gen.Int[0, 40]).Array[0, 80].Sample(moves => new WaitingRoomTests().HoldsIn(moves), iter: 5_000);

    private bool HoldsIn((int Kind, int Guest, int Amount)[] moves)
    {
        var inside = new List<(int Guest, RunId Run)>();
        foreach (var (kind, guest, amount) in moves)
        {
            switch (kind)
            {
                case 0 or 1 when Enter(guest, comesBack: kind == 1):
                    inside.Add((guest, plan.Run!.Value));
                    break;
                case 2:
                    Visit(guest);
                    break;
                case 3:
                    Poll(guest);
                    break;
                case 4 or 5 when inside.Count > 0:
                    var (who, run) = inside[amount % inside.Count];
                    inside.RemoveAt(amount % inside.Count);
                    Leave(who, TimeSpan.FromSeconds(kind == 4 ? 0 : amount), run);
                    break;
                case 6:
                    Wait(amount);
                    break;
                case 7 when amount == 0:
                    plan = plan with { Run = New };
                    break;
            }

            Look(9);
            var someWait = Enumerable.Range(0, 6).Any(waiting => Position(waiting) is not null);
            if (new[] { Old, New }.Any(run => room.Taken(run) > plan.Seats || room.Taken(run) < inside.Count(session => session.Run == run))
                || (someWait && room.Taken(plan.Run!.Value) < plan.Seats))
            {
                return false;
            }
        }

        return true;
    }

    private bool Enter(int guest, bool comesBack = false) => Enter(guest, plan.Run!.Value, comesBack);

    private bool Enter(int guest, RunId run, bool comesBack) => Take(room.Enter(Of(guest), run, comesBack, plan));

    private bool Visit(int guest) => Take(room.Visit(Of(guest), plan));

    private bool Poll(int guest) => Take(room.Poll(Of(guest), plan));

    private void Look(int guest) => room = room.Look(Of(guest), plan);

    private void Leave(int guest, TimeSpan keep, RunId? run = null) => room = room.Leave(Of(guest), run ?? plan.Run!.Value, keep, plan);

    private void Wait(double seconds) => plan = plan with { Now = plan.Now.AddSeconds(seconds) };

    private int? Position(int guest) => room.Position(Of(guest));

    private bool Take((WaitingRoom Room, bool IsIn) decision)
    {
        room = decision.Room;
        return decision.IsIn;
    }

    private static Guest Of(int number) => new(UserName.Parse("kim"), ClientAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.0.{number}")));
}
