namespace StreamHub.Domain.Instances;

/// <summary>A ready run is unresponsive.</summary>
public sealed record RunHang(HungReason Reason, DateTimeOffset Since);
