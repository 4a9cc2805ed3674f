namespace StreamHub.Domain.Instances;

/// <summary>Where somebody stands in the line for a seat.</summary>
/// <param name="Position">From 1, which is next.</param>
/// <param name="Taken">Seats that are taken, or kept for somebody who is on the way.</param>
/// <param name="IsReturning">Whether those come back first who were in before the hub was restarted.</param>
/// <param name="Expected">When there is probably a seat, or for those whom the seats that become free then do not reach, before when there is none; null when that cannot be told.</param>
public sealed record SeatPlace(int Position, int Taken, int Seats, bool IsReturning, DateTimeOffset? Expected)
{
    /// <summary>Whether so many are before that the seats which become free first do not reach.</summary>
    public bool IsBeyond => Position > Seats;
}
