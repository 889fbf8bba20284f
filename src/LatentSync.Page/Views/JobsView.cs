using LatentSync.Page.Jobs;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Views;

/// <summary>A view of jobs.</summary>
public abstract class JobsView : PageView
{
    [Inject]
    internal JobDesk Desk { get; set; } = null!;
}
