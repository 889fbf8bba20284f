using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>What a video shows while a longer sound is heard, as a small drawing.</summary>
public sealed partial class LengthDrawing
{
    private const int PassWidth = 40;
    private const int Right = 119;

    /// <summary>What decides the length.</summary>
    [Parameter]
    public LipSyncLength Length { get; set; }

    /// <summary>What the video does at its end.</summary>
    [Parameter]
    public LipSyncLoop Loop { get; set; }

    private bool IsCut => Length == LipSyncLength.Video || Loop == LipSyncLoop.Trim;

    /// <summary>The passes of the video; true for one that runs backward.</summary>
    private bool[] Passes =>
        IsCut || Loop == LipSyncLoop.Freeze ? [false]
        : Loop == LipSyncLoop.Loop ? [false, false, false]
        : [false, true, false];

    // Up and down, four pixels a stroke.
    private static string Wave => "M2 32" + string.Concat(Enumerable.Range(0, (Right - 2) / 8).Select(i => i % 3 == 2 ? "l4-3l4 3" : "l4-8l4 8"));
}
