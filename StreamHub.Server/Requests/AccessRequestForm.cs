using StreamHub.Domain.Access;

namespace StreamHub.Server.Requests;

/// <summary>What a visitor typed to ask for access.</summary>
/// <param name="Name">Who they are.</param>
/// <param name="App">The app that is wanted; empty for any.</param>
/// <param name="Purpose">What for; may be empty.</param>
public sealed record AccessRequestForm(string Name, string App, string Purpose)
{
    /// <summary>The longest text for the app, in UTF-16 code units.</summary>
    public const int LongestApp = 100;

    /// <summary>The longest purpose, in UTF-16 code units.</summary>
    public const int LongestPurpose = 500;

    /// <summary>Reads a form's fields, without the white space around them.</summary>
    public static AccessRequestForm Read(string? name, string? app, string? purpose) =>
        new(name?.Trim() ?? "", app?.Trim() ?? "", purpose?.Trim().ReplaceLineEndings(" ") ?? "");

    /// <summary>Whether it can be taken: a name that a user could have, and texts of the lengths above without control characters.</summary>
    public bool IsValid =>
        UserName.TryParse(Name, out _)
        && App.Length <= LongestApp && !App.Any(char.IsControl)
        && Purpose.Length <= LongestPurpose && !Purpose.Any(char.IsControl);
}
