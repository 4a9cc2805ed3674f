using System.Globalization;
using Microsoft.Extensions.Localization;
using StreamHub.Server.Entries;
using StreamHub.Server.Resources;

namespace StreamHub.Server.AdminPages;

/// <summary>Refusals in the visitor's language: the English format is the key; missing translations stay English.</summary>
internal sealed class EntryTexts(IStringLocalizer<EntryText> text)
{
    public string Of(EntryError error) => Of(error.Text);

    /// <summary>Any text with its English format as the key.</summary>
    public string Of(FormattableString english) =>
        string.Format(CultureInfo.CurrentCulture, text[english.Format], [.. english.GetArguments().Select(Localized)]);

    // Lists of accepted values ("an address or a CIDR range") are separate texts, shared by several refusals.
    private object? Localized(object? value) => value is string { Length: > 0 } known ? text[known].Value : value;
}
