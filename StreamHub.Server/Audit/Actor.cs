namespace StreamHub.Server.Audit;

/// <summary>The author of a change.</summary>
/// <param name="Name">A user's name, or <c>cli</c>, <c>setup</c>.</param>
/// <param name="Address">The author's address; null for the command line.</param>
public sealed record Actor(string Name, string? Address)
{
    /// <summary>The command line, available to everyone with read access to the data directory.</summary>
    public static Actor Console { get; } = new("cli", null);

    /// <summary>The hub itself while it has no admin.</summary>
    public static Actor Setup { get; } = new("setup", null);
}
