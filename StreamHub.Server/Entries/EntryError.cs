using StreamHub.Server.Configuration;

namespace StreamHub.Server.Entries;

/// <summary>An error in an entry.</summary>
/// <param name="Path"><c>users[2].addresses[0]</c> in a file, <c>addresses[0]</c> in a form.</param>
/// <param name="Text">The error and the accepted values, in English; its format is the key of translations.</param>
public sealed record EntryError(string Path, FormattableString Text)
{
    /// <summary>Whether <see cref="ChangeOptions.Force"/> overrides the error.</summary>
    public bool IsConfirmable { get; init; }

    /// <summary>The English text, for files, API and command line.</summary>
    public string Message => FormattableString.Invariant(Text);

    public override string ToString() => $"{Path}: {Message}";
}
