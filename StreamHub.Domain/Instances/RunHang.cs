namespace StreamHub.Domain.Instances;

/// <summary>That a ready run does not do its work.</summary>
public sealed record RunHang(HungReason Reason, DateTimeOffset Since);
