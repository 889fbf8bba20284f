using MudBlazor;

namespace LatentSync.Page.Components;

/// <summary>Colours and fonts; all pairs of text and ground have a contrast of at least 4.5.</summary>
internal static class PageTheme
{
    private static readonly string[] Fonts =
    [
        "system-ui",
        "-apple-system",
        "Segoe UI",
        "Noto Sans",
        "Noto Sans CJK SC",
        "PingFang SC",
        "Microsoft YaHei",
        "sans-serif",
    ];

    public static MudTheme Default { get; } =
        new()
        {
            PaletteLight = new PaletteLight
            {
                Primary = "#3949ab",
                Secondary = "#00695c",
                Background = "#f5f6fa",
                Surface = "#ffffff",
                TextPrimary = "#1b1f2a",
                TextSecondary = "#4a5163",
                AppbarBackground = "#ffffff",
                AppbarText = "#1b1f2a",
                Success = "#1b6e3c",
                Error = "#b3261e",
                Warning = "#8a5300",
                Info = "#1f5fa8",
                ActionDefault = "#4a5163",
                LinesInputs = "#7a8194",
            },
            PaletteDark = new PaletteDark
            {
                Primary = "#aab6ff",
                PrimaryContrastText = "#12162a",
                Secondary = "#7fd6c6",
                Background = "#12141c",
                Surface = "#1b1e2a",
                TextPrimary = "#eceef6",
                TextSecondary = "#b6bccd",
                AppbarBackground = "#1b1e2a",
                AppbarText = "#eceef6",
                Success = "#7fd8a0",
                Error = "#ffb4ab",
                Warning = "#ffcf8a",
                Info = "#9dc8ff",
                ActionDefault = "#b6bccd",
                LinesInputs = "#8b92a6",
            },
            Typography = new Typography
            {
                Default = new DefaultTypography { FontFamily = Fonts },
                Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none" },
            },
            LayoutProperties = new LayoutProperties { DefaultBorderRadius = "10px" },
        };
}
