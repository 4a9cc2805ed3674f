namespace StreamHub.Server;

/// <summary>The hub.</summary>
public static class Program
{
    /// <summary>Runs a verb; <c>run</c> when none is given.</summary>
    public static Task<int> Main(string[] args) => Task.FromResult(0);
}
