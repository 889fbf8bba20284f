using LatentSync.Page.Jobs;
using LatentSync.Page.Views;
using LatentSync.Page.Words;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Components;

/// <summary>How far a job is.</summary>
public sealed partial class RunningPanel
{
    private int _look;

    [Parameter, EditorRequired]
    public required JobFacts Job { get; set; }

    /// <summary>The piece in hand; null for none.</summary>
    [Parameter]
    public ProgressFacts? Progress { get; set; }

    /// <summary>Seconds; null if unknown.</summary>
    [Parameter]
    public double? Remaining { get; set; }

    [Parameter]
    public EventCallback Cancel { get; set; }

    // Before the segments are known, the share of the frames in which faces were looked for.
    private double Percent => 100 * (Job.Segments == 0 ? Progress?.Share ?? 0 : JobDetail.Share(Job, Progress));

    private IEnumerable<(string Name, string Value)> Lines
    {
        get
        {
            yield return (Say($"Stage"), StateWords.Of(Job.State));
            if (Job.Position is { } position)
            {
                yield return (Say($"Before it in the queue"), Invariant($"{position}"));
            }

            if (Job.Segments > 0)
            {
                yield return (Say($"Segments"), Say($"{Job.SegmentsDone} of {Job.Segments}"));
            }

            if (Progress is { Total: > 0 } progress)
            {
                yield return (Progress.Stage == "diffusion" ? Say($"Steps") : Say($"Frames"), Say($"{progress.Done:0} of {progress.Total:0}"));
                if (progress.Rate is { } rate)
                {
                    yield return (Say($"Rate"), Say($"{rate:0.0} a second"));
                }
            }

            if (Remaining is { } seconds)
            {
                yield return (Say($"Time left"), StateWords.Duration(seconds));
            }
        }
    }

    // The picture changes while its address stays; so the address changes too.
    protected override void OnParametersSet() => _look++;
}
