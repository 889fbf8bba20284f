using LatentSync.Page.Jobs;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>Parts of a length of time as a strip.</summary>
public sealed partial class Strip
{
    private const int Most = 300;
    private const int MostWords = 4;
    private const double Length = 1000;
    private const double Narrowest = 3;

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>The whole.</summary>
    [Parameter, EditorRequired]
    public required double Seconds { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<GapFacts> Parts { get; set; }

    /// <summary>Whether the parts are frames that stay as they are.</summary>
    [Parameter]
    public bool IsGap { get; set; }

    private string Place(double seconds) => Invariant($"{Scaled(seconds):0.#}");

    private string Width(GapFacts part) => Invariant($"{Math.Max(Narrowest, Scaled(part.End) - Scaled(part.Start)):0.#}");

    private double Scaled(double seconds) => Seconds > 0 ? Math.Clamp(seconds / Seconds, 0, 1) * Length : 0;
}
