using CsCheck;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Refusals;

namespace StreamHub.Tests.Domain.Access;

public sealed class RefusalTallyTests
{
    private const int Most = 5;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void First_is_told_at_once_and_the_others_when_the_window_closes()
    {
        var tally = new RefusalTally(Most);
        var (denied, other) = (NewRefusal(1), NewRefusal(1, app: "sales"));
        tally.Note(denied, Start)!.Count.Should().Be(1);
        tally.Note(denied, Start).Should().BeNull();
        tally.Note(denied, Start).Should().BeNull();
        tally.Note(other, Start)!.First.Should().Be(other, "another app is another kind");
        tally.Close(Start.AddMinutes(10)).Should().Equal(new RefusalCount(denied, 2, Start, Start.AddMinutes(10)));
        tally.Note(denied, Start.AddMinutes(11)).Should().BeNull("it goes on");
        tally.Close(Start.AddMinutes(20)).Should().Equal(new RefusalCount(denied, 1, Start.AddMinutes(10), Start.AddMinutes(20)));
        tally.Close(Start.AddMinutes(30)).Should().BeEmpty();
        tally.Note(denied, Start.AddMinutes(31))!.Count.Should().Be(1, "after a quiet window it begins anew");
    }

    [Fact]
    public void A_line_begins_with_its_first_refusal_and_a_flood_has_lines_of_the_rest()
    {
        var tally = new RefusalTally(1);
        var first = NewRefusal(1) with { Detail = "/first" };
        tally.Note(first, Start, 3)!.Should().Be(new RefusalCount(first, 3, Start, Start));
        tally.Note(first with { Detail = "/second" }, Start, 4).Should().BeNull();
        tally.Note(first with { Detail = "/third" }, Start, 5).Should().BeNull();
        var rest = tally.Note(NewRefusal(2), Start, 6)!;
        rest.First.Kind.Should().Be(new RefusalKind(null, RefusalReason.Unregistered, null, IsRest: true));
        rest.Count.Should().Be(6);
        tally.Note(NewRefusal(3), Start).Should().BeNull("it is one of the rest");
        tally.Close(Start.AddMinutes(10)).Select(line => (line.First.Detail, line.Count)).Should().Equal(("/second", 9), ("/", 1));
        tally.Close(Start.AddMinutes(20)).Should().BeEmpty();
        tally.Note(NewRefusal(2), Start.AddMinutes(20))!.First.Kind.IsRest.Should().BeFalse("there is room for it again");
    }

    [Fact]
    public void Every_refusal_is_in_one_count_and_a_flood_makes_few()
    {
        // Who asks (null for the end of a window), why.
        var step = Gen.Select(Gen.Int[0, 40], Gen.Enum<RefusalReason>(), Gen.Int[0, 9]);
        step.List[0, 400].Sample(steps =>
        {
            var tally = new RefusalTally(Most);
            var (sent, told, rows, most) = (0L, 0L, 0, 0);
            foreach (var (who, reason, dice) in steps)
            {
                if (dice == 0)
                {
                    Take(tally.Close(Start));
                    most = Math.Max(most, rows);
                    rows = 0;
                    continue;
                }

                sent += dice;
                if (tally.Note(NewRefusal(who, reason), Start, dice) is { } first)
                {
                    Take([first]);
                }
            }

            Take(tally.Close(Start));
            told.Should().Be(sent);
            Math.Max(most, rows).Should().BeLessThanOrEqualTo(2 * (Most + Enum.GetValues<RefusalReason>().Length));

            void Take(IReadOnlyCollection<RefusalCount> counts)
            {
                rows += counts.Count;
                told += counts.Sum(count => count.Count);
            }
        });
    }

    private static Refused NewRefusal(int who, RefusalReason reason = RefusalReason.Unregistered, string? app = null) =>
        new(new RefusalKind(ClientAddress.Parse($"10.0.0.{who}"), reason, app is null ? null : AppSlug.Parse(app)), null, "/");
}
