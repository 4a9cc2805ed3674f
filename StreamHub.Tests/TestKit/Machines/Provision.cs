namespace StreamHub.Tests.TestKit.Machines;

/// <summary>Something a test needs from the machine: where it is, or why it is not there.</summary>
internal sealed record Provision(string? Path, string? Reason)
{
    public static Provision At(string path) => new(path, null);

    public static Provision Missing(string reason) => new(null, reason);
}
