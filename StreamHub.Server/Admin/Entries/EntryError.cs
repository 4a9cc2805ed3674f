namespace StreamHub.Server.Admin.Entries;

/// <summary>Something in an entry that cannot be accepted.</summary>
/// <param name="Path">Where: <c>users[2].addresses[0]</c> in a file, <c>addresses[0]</c> in a form.</param>
/// <param name="Message">What is wrong and what is accepted.</param>
public sealed record EntryError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}
