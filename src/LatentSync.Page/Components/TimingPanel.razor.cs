using LatentSync.Page.Jobs;
using LatentSync.Page.Options;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>Which parts of the video and the sound are used, and how they lie to each other.</summary>
public sealed partial class TimingPanel
{
    /// <summary>The options that it shows.</summary>
    internal static readonly string[] Names = [JobForm.AudioStart, JobForm.AudioDuration, JobForm.AudioDelay, JobForm.VideoStart];

    private const double Narrowest = 0.02;

    [Parameter, EditorRequired]
    public required JobForm Form { get; set; }

    /// <summary>What was found in the whole files.</summary>
    [Parameter, EditorRequired]
    public required AnalysisFacts Found { get; set; }

    /// <summary>One of the options has changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private double Shown => Math.Max(Narrowest, Found.SourceSeconds - Form.Number(JobForm.VideoStart));

    // Both to one scale, on which the sound can begin as late as the video ends.
    private string Sizes
    {
        get
        {
            var heard = Form.UsedSeconds(Found.AudioSeconds);
            var all = Shown + heard;
            return Invariant($"--shown: {Shown / all:0.####}; --heard: {Math.Max(Narrowest, heard / all):0.####}");
        }
    }

    private static string Text(double seconds) => Invariant($"{seconds:0.###}");

    private Task SetAsync(string name, string? value)
    {
        Form[name] = value?.Trim() ?? string.Empty;
        return Changed.InvokeAsync();
    }
}
