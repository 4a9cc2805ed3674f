using CsCheck;

namespace StreamHub.Tests.Domain.Supervision;

public sealed class HubMachineProperties
{
    private const int Histories = 20_000;

    private static readonly Gen<Move> AnyMove =
        from kind in Gen.Frequency(
            (6, Gen.Const(MoveKind.Visit)), (6, Gen.Const(MoveKind.Launches)), (6, Gen.Const(MoveKind.Answers)),
            (4, Gen.Const(MoveKind.Wait)), (3, Gen.Const(MoveKind.Crashes)), (3, Gen.Const(MoveKind.Obeys)),
            (3, Gen.Const(MoveKind.Restart)), (1, Gen.Enum<MoveKind>()))
        from which in Gen.Int[0, 7]
        from amount in Gen.Int[0, 40]
        select new Move(kind, which, amount);

    [Fact]
    public void Any_history_keeps_the_rules_and_ends_when_nobody_wants_anything() =>
        AnyMove.Array[0, 60].Sample(
            moves =>
            {
                var hub = new SimulatedHub();
                foreach (var move in moves)
                {
                    hub.Play(move);
                }

                hub.Finish();
            },
            iter: Histories,
            print: Tell);

    /// <summary>The history of the shortest list that fails, event by event.</summary>
    private static string Tell(Move[] moves)
    {
        var hub = new SimulatedHub();
        try
        {
            foreach (var move in moves)
            {
                hub.Play(move);
            }

            hub.Finish();
            return hub.History;
        }
        catch (InvalidOperationException broken)
        {
            return $"{broken.Message}\n{hub.History}";
        }
    }
}
