namespace StreamHub.Server.Audit;

/// <summary>Who changes something.</summary>
/// <param name="Name">A user's name, or <c>cli</c>, <c>setup</c>.</param>
/// <param name="Address">From where; null from the machine's own console.</param>
public sealed record Actor(string Name, string? Address)
{
    /// <summary>Whoever may read the data directory: the command line.</summary>
    public static Actor Console { get; } = new("cli", null);

    /// <summary>The hub itself, as long as it has no admin.</summary>
    public static Actor Setup { get; } = new("setup", null);
}
