using LatentSync.Page.Jobs;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Components;

/// <summary>What an analysis found, in pictures; a face can be chosen.</summary>
public sealed partial class Verdict
{
    /// <summary>The analysis.</summary>
    [Parameter, EditorRequired]
    public required string JobId { get; set; }

    /// <summary>What it found.</summary>
    [Parameter, EditorRequired]
    public required AnalysisFacts Found { get; set; }

    /// <summary>The option <c>face</c>.</summary>
    [Parameter]
    public string Face { get; set; } = string.Empty;

    [Parameter]
    public EventCallback<string> FaceChanged { get; set; }

    /// <summary>Seconds that the job will take; null if nothing like it was done before.</summary>
    [Parameter]
    public double? Forecast { get; set; }

    private static IEnumerable<(string Choice, string Text)> Choices => [("largest", Say($"The largest")), ("all", Say($"All"))];
}
