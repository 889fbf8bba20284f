using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Admin;

/// <summary>What the server keeps on its disk.</summary>
public sealed partial class StoragePanel
{
    [CascadingParameter]
    private AdminFacts Facts { get; set; } = null!;
}
