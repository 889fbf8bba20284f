using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Admin;

/// <summary>What jobs fail with, by kind.</summary>
public sealed partial class ErrorsPanel
{
    [CascadingParameter]
    private AdminFacts Facts { get; set; } = null!;
}
