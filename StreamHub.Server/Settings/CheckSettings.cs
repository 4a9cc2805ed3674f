namespace StreamHub.Server.Settings;

/// <summary>When a ready run counts as unresponsive.</summary>
internal sealed record CheckSettings
{
    /// <summary>The pause between two health checks.</summary>
    public TimeSpan AnswerEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest time without an answer and without computing.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the hub runs the script of an app in use; zero for never.</summary>
    public TimeSpan ScriptEvery { get; init; } = TimeSpan.FromMinutes(5);
}
