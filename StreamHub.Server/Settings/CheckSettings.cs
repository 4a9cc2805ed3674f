namespace StreamHub.Server.Settings;

/// <summary>When a ready run is said not to do its work.</summary>
internal sealed record CheckSettings
{
    /// <summary>How long it may not answer.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often, while people work in it, a script is run by the hub itself; zero for never.</summary>
    public TimeSpan ScriptEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long that script may take.</summary>
    public TimeSpan ScriptWithin { get; init; } = TimeSpan.FromMinutes(5);
}
