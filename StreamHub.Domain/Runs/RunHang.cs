
namespace StreamHub.Domain.Runs;

/// <summary>A ready run does not do its work.</summary>
/// <param name="Ends">When the run is ended if the app's policy is <see cref="Apps.HungPolicy.Restart"/>; null for never.</param>
public sealed record RunHang(HungReason Reason, DateTimeOffset Since, DateTimeOffset? Ends = null);
