namespace StreamHub.Domain.Telemetry;

/// <summary>A file of an app that differs from what its run has loaded, and that new sessions do not get.</summary>
/// <param name="Changed">When it was saved, by the machine's clock.</param>
/// <param name="File">Its path.</param>
/// <param name="Error">Why it cannot be run, in one line; null when the app's settings keep it from being taken over.</param>
public sealed record CodeNotice(DateTimeOffset Changed, string File, string? Error);
