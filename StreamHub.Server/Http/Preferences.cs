using System.Globalization;

namespace StreamHub.Server.Http;

/// <summary>The visitor's preferences for the hub's pages: language and theme. This is the only list of them.</summary>
internal static class Preferences
{
    public const string CultureCookie = ".StreamHub.Culture";

    public const string ThemeCookie = ".StreamHub.Theme";

    /// <summary>The languages with their native names.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> Languages = [("ko", "한국어"), ("en", "English")];

    /// <summary>The themes; the first is the default.</summary>
    public static readonly IReadOnlyList<string> Themes = ["system", "light", "dark"];

    /// <summary>The language without a choice by the visitor and without a supported language of the browser.</summary>
    public static readonly CultureInfo DefaultCulture = Culture("en");

    /// <summary>The languages as cultures, <see cref="DefaultCulture"/> first.</summary>
    public static readonly IList<CultureInfo> Cultures = [DefaultCulture, .. Languages.Where(language => language.Code != DefaultCulture.Name).Select(language => Culture(language.Code))];

    public static string Theme(HttpRequest request) => Themes.FirstOrDefault(theme => theme == request.Cookies[ThemeCookie]) ?? Themes[0];

    /// <summary>English does not imply a country: dates and times use ISO 8601, as the pages do for exact instants.</summary>
    private static CultureInfo Culture(string code)
    {
        var culture = new CultureInfo(code);
        if (code == "en")
        {
            var format = culture.DateTimeFormat;
            (format.ShortDatePattern, format.LongDatePattern, format.ShortTimePattern, format.LongTimePattern) = ("yyyy-MM-dd", "yyyy-MM-dd", "HH:mm", "HH:mm:ss");
        }

        return CultureInfo.ReadOnly(culture);
    }
}
