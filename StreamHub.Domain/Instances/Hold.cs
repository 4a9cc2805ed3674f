namespace StreamHub.Domain.Instances;

/// <summary>An admin's stop, of one instance or of the whole hub: it beats demand until it is released or over.</summary>
/// <param name="Text">What visitors are told; null for nothing.</param>
/// <param name="Until">When it is over by itself; null for never.</param>
public sealed record Hold(string By, string? Text = null, DateTimeOffset? Until = null)
{
    /// <summary>Whether its time is over.</summary>
    /// <param name="wall">What the machine's clock shows.</param>
    public bool IsOver(DateTimeOffset wall) => Until <= wall;
}
