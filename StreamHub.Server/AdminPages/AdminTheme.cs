using MudBlazor;

namespace StreamHub.Server.AdminPages;

/// <summary>MudBlazor's theme: the colours of <c>tokens.css</c>, corner radius and system fonts.</summary>
internal static class AdminTheme
{
    // The dark palette's colours are light; white text on them would be unreadable.
    private const string OnDark = "#14171C";

    private static readonly string[] Fonts = ["Segoe UI Variable", "Segoe UI", "Malgun Gothic", "Noto Sans KR", "sans-serif"];

    public static MudTheme Value { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1246E0", Success = "#0B7D61", Info = "#1246E0", Warning = "#A75400", Error = "#7A1019",
            Background = "#F5F7FA", Surface = "#FFFFFF", TextPrimary = "#1C2128", TextSecondary = "#434957",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#8EA8F5", Success = "#95EBC4", Info = "#8EA8F5", Warning = "#F5C83A", Error = "#EE626B",
            PrimaryContrastText = OnDark, SuccessContrastText = OnDark, InfoContrastText = OnDark, WarningContrastText = OnDark, ErrorContrastText = OnDark,
            Background = OnDark, Surface = "#1C2128", TextPrimary = "#E8EBF0", TextSecondary = "#9FA3AD",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "14px", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = Fonts }, H2 = new H2Typography { FontFamily = Fonts },
            H3 = new H3Typography { FontFamily = Fonts }, H4 = new H4Typography { FontFamily = Fonts },
            H5 = new H5Typography { FontFamily = Fonts }, H6 = new H6Typography { FontFamily = Fonts },
            Subtitle1 = new Subtitle1Typography { FontFamily = Fonts }, Subtitle2 = new Subtitle2Typography { FontFamily = Fonts },
            Body1 = new Body1Typography { FontFamily = Fonts, LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Fonts, LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontFamily = Fonts }, Overline = new OverlineTypography { FontFamily = Fonts },
        },
    };
}
