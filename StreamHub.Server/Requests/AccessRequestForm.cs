using StreamHub.Domain.Access;

namespace StreamHub.Server.Requests;

/// <summary>The form of a request for access.</summary>
/// <param name="Name">The visitor's name.</param>
/// <param name="App">The requested app; empty for any.</param>
/// <param name="Purpose">May be empty.</param>
public sealed record AccessRequestForm(string Name, string App, string Purpose)
{
    /// <summary>The longest text for the app, in UTF-16 code units.</summary>
    public const int MaxAppLength = 100;

    /// <summary>The longest purpose, in UTF-16 code units.</summary>
    public const int MaxPurposeLength = 500;

    /// <summary>Reads a form's fields and trims them.</summary>
    public static AccessRequestForm Read(string? name, string? app, string? purpose) =>
        new(name?.Trim() ?? "", app?.Trim() ?? "", purpose?.Trim().ReplaceLineEndings(" ") ?? "");

    /// <summary>Whether the name is a valid user name, and the texts are within the limits and without control characters.</summary>
    public bool IsValid =>
        UserName.TryParse(Name, out _)
        && App.Length <= MaxAppLength && !App.Any(char.IsControl)
        && Purpose.Length <= MaxPurposeLength && !Purpose.Any(char.IsControl);
}
