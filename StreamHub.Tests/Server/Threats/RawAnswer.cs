namespace StreamHub.Tests.Server.Threats;

/// <summary>What came back: the status (0 when the connection ended without one), the head and what follows it.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    /// <summary>Whether no part of the hub or of an app was given out.</summary>
    public bool IsRefusal => Status is 0 or >= 400 and < 500;

    /// <summary>The values of a header, in order.</summary>
    public string[] Header(string name) =>
        [.. Head.Split("\r\n").Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];
}
