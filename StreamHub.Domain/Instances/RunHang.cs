namespace StreamHub.Domain.Instances;

/// <summary>That a ready run does not do its work.</summary>
/// <param name="Reason">In which way.</param>
/// <param name="Since">When it was noticed.</param>
public sealed record RunHang(HungReason Reason, DateTimeOffset Since);
