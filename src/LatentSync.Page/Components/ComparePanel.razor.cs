using LatentSync.Page.Assets;
using LatentSync.Page.Jobs;
using LatentSync.Page.Media;
using LatentSync.Page.Options;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LatentSync.Page.Components;

/// <summary>Before and after in one player. All that moves is the script's; this renders once.</summary>
public sealed partial class ComparePanel : IAsyncDisposable
{
    private const double DefaultRate = 25;
    private const string DefaultLoop = "pingpong";

    private ElementReference _element;
    private IJSObjectReference? _script;

    [Inject]
    internal PageAssets Files { get; set; } = null!;

    [Inject]
    internal IJSRuntime Script { get; set; } = null!;

    [Parameter, EditorRequired]
    public required JobFacts Job { get; set; }

    /// <summary>Whether it lies in a card of something else.</summary>
    [Parameter]
    public bool IsInner { get; set; }

    private string Source => SourceEndpoints.Url(Job.VideoId);

    private IReadOnlyList<MouthFacts> Mouths => Job.Analysis?.Mouths ?? [];

    public ValueTask DisposeAsync() => _script.DetachAsync();

    protected override bool ShouldRender() => false;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        await using var module = await Script.InvokeAsync<IJSObjectReference>("import", Files.Url("compare.js"));
        _script = await module.InvokeAsync<IJSObjectReference>(
            "attach",
            _element,
            new
            {
                rate = Job.Analysis is { Seconds: > 0, Frames: > 0 } found ? found.Frames / found.Seconds : DefaultRate,
                loop = Job.Options.GetValueOrDefault("loop", DefaultLoop),
                start = Job.Number(JobForm.VideoStart),
                mouths = Mouths.Select(mouth => new[] { mouth.Second, mouth.X, mouth.Y, mouth.Size }),
            }
        );
    }
}
