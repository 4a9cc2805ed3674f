namespace StreamHub.Domain.Instances;

/// <summary>A guest's place in the line for a seat.</summary>
/// <param name="Position">From 1, which is next.</param>
/// <param name="Taken">Seats that are taken or reserved.</param>
/// <param name="IsReturning">Whether returning sessions from before the hub's restart have precedence.</param>
/// <param name="Expected">When a seat is probably free; the earliest such instant where <see cref="IsBeyond"/>; null when unknown.</param>
public sealed record SeatPlace(int Position, int Taken, int Seats, bool IsReturning, DateTimeOffset? Expected)
{
    /// <summary>Whether the position exceeds the number of seats that become available first.</summary>
    public bool IsBeyond => Position > Seats;
}
