using LatentSync.Page.Jobs;
using LatentSync.Page.Words;
using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Components;

/// <summary>What an analysis found, in pictures; a face can be chosen.</summary>
public sealed partial class Verdict
{
    private const double BytesPerGibibyte = 1 << 30;

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

    private bool IsLikePicture => FacePicture.IsNamed(Face);

    private static IEnumerable<(string Choice, string Text)> Choices => [("largest", Say($"The largest")), ("all", Say($"All"))];

    private IEnumerable<string> Sentences
    {
        get
        {
            yield return Say($"{Found.Width} × {Found.Height} pixels, {Found.VideoSeconds:0.0} s of video, {Found.AudioSeconds:0.0} s of sound.");
            yield return Found.SyncedFrames == Found.Frames
                ? Say($"The mouth can be painted in all {Found.Frames} frames.")
                : Say($"The mouth can be painted in {Found.SyncedFrames} of {Found.Frames} frames; the others stay as they are.");
            if (Forecast is { } seconds)
            {
                yield return Say($"Takes about {StateWords.Duration(seconds)} here.");
            }

            if (Found.ForecastBytes is { } bytes)
            {
                yield return Say($"Needs {bytes / BytesPerGibibyte:0.0} GiB of the card.");
            }
        }
    }
}
