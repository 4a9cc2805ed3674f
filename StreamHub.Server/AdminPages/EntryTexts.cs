using System.Globalization;
using Microsoft.Extensions.Localization;
using StreamHub.Server.Entries;
using StreamHub.Server.Resources;

namespace StreamHub.Server.AdminPages;

/// <summary>Refusals in the visitor's language: the English format is the key, and what is not translated stays English.</summary>
internal sealed class EntryTexts(IStringLocalizer<EntryText> text)
{
    /// <summary>The refusal as the page shows it.</summary>
    public string Of(EntryError error) => Of(error.Text);

    /// <summary>Another text whose English format is the key.</summary>
    public string Of(FormattableString english) =>
        string.Format(CultureInfo.CurrentCulture, text[english.Format], [.. english.GetArguments().Select(Localized)]);

    // What is accepted ("an address or a CIDR range") is a text of its own, used in several refusals.
    private object? Localized(object? value) => value is string { Length: > 0 } known ? text[known].Value : value;
}
