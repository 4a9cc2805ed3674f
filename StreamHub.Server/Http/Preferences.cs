using System.Globalization;

namespace StreamHub.Server.Http;

/// <summary>What visitors choose for their own pages: language and theme. Each is listed here and nowhere else.</summary>
internal static class Preferences
{
    /// <summary>The cookie that holds the chosen language.</summary>
    public const string CultureCookie = ".StreamHub.Culture";

    /// <summary>The cookie that holds the chosen theme.</summary>
    public const string ThemeCookie = ".StreamHub.Theme";

    /// <summary>The languages, each with its own name.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> Languages = [("ko", "한국어"), ("en", "English")];

    /// <summary>The themes; the first is that of who has chosen none.</summary>
    public static readonly IReadOnlyList<string> Themes = ["system", "light", "dark"];

    /// <summary>The language of who has chosen none and whose browser asks for none of them.</summary>
    public static readonly CultureInfo DefaultCulture = Culture("en");

    /// <summary>The languages as cultures, that of <see cref="DefaultCulture"/> first.</summary>
    public static readonly IList<CultureInfo> Cultures = [DefaultCulture, .. Languages.Where(language => language.Code != DefaultCulture.Name).Select(language => Culture(language.Code))];

    /// <summary>The theme of a request.</summary>
    public static string Theme(HttpRequest request) => Themes.FirstOrDefault(theme => theme == request.Cookies[ThemeCookie]) ?? Themes[0];

    /// <summary>English is spoken in many countries: dates and times are written as ISO 8601 has them, and as the pages write exact instants.</summary>
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
