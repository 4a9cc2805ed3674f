using System.Globalization;
using CsCheck;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>Random histories of a hub, and the shortest one that breaks a rule.</summary>
/// <param name="rule">What decides: the machine, or one that is broken on purpose.</param>
internal sealed class Histories(Func<HubState, HubEvent, StepContext, HubStep> rule)
{
    private static readonly Gen<Move[]> Any = (
        from kind in Gen.Frequency(
            (8, Gen.Const(MoveKind.Visit)), (10, Gen.Const(MoveKind.Launches)), (10, Gen.Const(MoveKind.Answers)),
            (2, Gen.Const(MoveKind.Wait)), (4, Gen.Const(MoveKind.Obeys)), (4, Gen.Const(MoveKind.Restart)), (4, Gen.Const(MoveKind.SessionOpens)), (3, Gen.Const(MoveKind.Crashes)),
            (3, Gen.Const(MoveKind.Measure)), (1, Gen.Const(MoveKind.HubStarts)), (1, Gen.Const(MoveKind.MaintenanceEnds)), (14, Gen.Enum<MoveKind>()))
        from which in Gen.Int[0, 7]
        from amount in Gen.Int[0, 40]
        select new Move(kind, which, amount)).Array[0, 80];

    /// <summary>Plays as many new ones; when some break a rule, it fails with the shortest history made of one of them.</summary>
    /// <exception cref="CsCheckException">A rule was broken.</exception>
    public void Hold(long count) => Any.Sample(moves => Broken(moves) is null, iter: count, print: Tell);

    /// <summary>The shortest history made of the first of them that breaks a rule, as it is told; null where none of them does. The same each time.</summary>
    public string? Find(string broken, int count)
    {
        // Stream and seed: with the stream alone the clock seeds it.
        var dice = new PCG(1, 1);
        for (var tried = 0; tried < count; tried++)
        {
            var moves = Any.Generate(dice, null, out _);
            if (Broken(moves) == $"Broken: {broken}.")
            {
                return Tell(moves);
            }
        }

        return null;
    }

    /// <summary>The rule that a history breaks; null for none.</summary>
    private string? Broken(IEnumerable<Move> moves, TextWriter? history = null)
    {
        try
        {
            new MovePlayer(new SimulatedHub(rule, history)).Play(moves);
            return null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or NullReferenceException or KeyNotFoundException or IndexOutOfRangeException or InvalidCastException)
        {
            return broken is InvalidOperationException ? broken.Message : broken.ToString();
        }
    }

    /// <summary>The shortest history that breaks the same rule, event by event, with the rule at its end.</summary>
    private string Tell(Move[] moves)
    {
        using var history = new StringWriter(CultureInfo.InvariantCulture);
        var broken = Broken(Shortest(moves), history);
        return $"\n{history}{broken}";
    }

    /// <summary>Leaves out what can be left out, longest pieces first, and makes the rest as simple as it can be.</summary>
    private List<Move> Shortest(Move[] moves)
    {
        var shortest = moves.ToList();
        var broken = Broken(shortest);
        while (Shorten() | Simplify())
        {
        }

        return shortest;

        bool Shorten()
        {
            var before = shortest.Count;
            for (var length = shortest.Count; length > 0; length /= 2)
            {
                for (var at = 0; at + length <= shortest.Count;)
                {
                    at += Take([.. shortest[..at], .. shortest[(at + length)..]]) ? 0 : 1;
                }
            }

            return shortest.Count < before;
        }

        bool Simplify()
        {
            var any = false;
            for (var at = 0; at < shortest.Count; at++)
            {
                var move = shortest[at];
                Move[] simpler = [move with { Which = 0 }, move with { Amount = 0 }, move with { Which = move.Which / 2 }, move with { Amount = move.Amount / 2 }];
                any |= simpler.Any(candidate => candidate != shortest[at] && Take([.. shortest[..at], candidate, .. shortest[(at + 1)..]]));
            }

            return any;
        }

        bool Take(List<Move> candidate)
        {
            var isTaken = Broken(candidate) == broken;
            shortest = isTaken ? candidate : shortest;
            return isTaken;
        }
    }
}
