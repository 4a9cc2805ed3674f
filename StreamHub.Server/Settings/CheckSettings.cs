namespace StreamHub.Server.Settings;

/// <summary>When a ready run counts as unresponsive.</summary>
internal sealed record CheckSettings
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(5);

    /// <summary>The pause between two health checks.</summary>
    public TimeSpan AnswerEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest time without an answer and without computing.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an answer is waited for: three can be missing before the time without an answer is over.</summary>
    public TimeSpan AnswerPatience => AnswerWithin / 4 < LongestPatience ? AnswerWithin / 4 : LongestPatience;

    /// <summary>The usual time of a start. No cause of a slow start is shown before its end.</summary>
    public TimeSpan UsualStart { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often the hub runs the script of an app in use; zero for never.</summary>
    public TimeSpan ScriptEvery { get; init; } = TimeSpan.FromMinutes(5);
}
