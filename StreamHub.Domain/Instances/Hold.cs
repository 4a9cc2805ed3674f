namespace StreamHub.Domain.Instances;

/// <summary>An admin's stop, of one instance or of the whole hub: it overrides demand until it is released or expires.</summary>
/// <param name="Text">The message for visitors; null for none.</param>
/// <param name="Until">The instant of expiry; null for none.</param>
public sealed record Hold(string By, string? Text = null, DateTimeOffset? Until = null)
{
    /// <summary>Whether the hold has expired.</summary>
    /// <param name="wall">The machine's clock.</param>
    public bool IsOver(DateTimeOffset wall) => Until <= wall;
}
