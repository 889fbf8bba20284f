using LatentSync.Page.Jobs;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>How well the lips follow the sound.</summary>
public sealed partial class ScorePanel
{
    private const int MillisecondsPerFrame = 1000 / FrameSchedule.FramesPerSecond;

    [Parameter]
    public ScoreFacts? Score { get; set; }
}
