using StreamHub.Server.Configuration;

namespace StreamHub.Server.Entries;

/// <summary>Something in an entry that cannot be accepted.</summary>
/// <param name="Path">Where: <c>users[2].addresses[0]</c> in a file, <c>addresses[0]</c> in a form.</param>
/// <param name="Text">What is wrong and what is accepted, in English; its format is the key of other languages' texts.</param>
public sealed record EntryError(string Path, FormattableString Text)
{
    /// <summary>Whether the change is made all the same when it is asked for with <see cref="ChangeOptions.Force"/>.</summary>
    public bool IsConfirmable { get; init; }

    /// <summary>The text in English, as files, API and command line show it.</summary>
    public string Message => FormattableString.Invariant(Text);

    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}
