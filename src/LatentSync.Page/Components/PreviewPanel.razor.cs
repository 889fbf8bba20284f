using LatentSync.Page.Jobs;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>A few seconds of a job before the whole of it.</summary>
public sealed partial class PreviewPanel
{
    /// <summary>The preview that was asked for last; null for none.</summary>
    [Parameter]
    public JobFacts? Job { get; set; }

    /// <summary>How far it is.</summary>
    [Parameter]
    public ProgressFacts? Progress { get; set; }

    /// <summary>Whether another can be asked for now.</summary>
    [Parameter]
    public bool CanMake { get; set; }

    /// <summary>Asks for one.</summary>
    [Parameter]
    public EventCallback Make { get; set; }
}
