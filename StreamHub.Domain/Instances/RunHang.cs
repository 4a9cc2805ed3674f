namespace StreamHub.Domain.Instances;

/// <summary>A ready run does not do its work.</summary>
/// <param name="Ends">When the run is ended if the app's policy is <see cref="Apps.HungPolicy.Restart"/>; null for never.</param>
public sealed record RunHang(HungReason Reason, DateTimeOffset Since, DateTimeOffset? Ends = null)
{
    /// <summary>Whether people get no further; a busy run or a silent script may be what its author wants.</summary>
    public bool IsUnresponsive => Reason is HungReason.NoAnswer or HungReason.NoSession;
}
