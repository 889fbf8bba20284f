using LatentSync.Page.Jobs;
using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>The state of a job, in words and by colour.</summary>
public sealed partial class StateChip
{
    [Parameter, EditorRequired]
    public required JobFacts Job { get; set; }

    private string Class =>
        Job.State switch
        {
            JobState.Succeeded => "good",
            JobState.Failed => "bad",
            JobState.Cancelled => "off",
            _ => "busy",
        };
}
