using LatentSync.Page.Jobs;
using LatentSync.Page.Words;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LatentSync.Page.Views;

/// <summary>One job: how it runs, what came of it, what to do next.</summary>
public sealed partial class JobDetail
{
    // Below this share of the work its time says too little.
    private const double SmallestShare = 0.02;

    // A score follows its result soon; a server that measures none never sends it.
    private static readonly TimeSpan ScoreLimit = TimeSpan.FromMinutes(10);

    private static readonly Dictionary<string, object?> Download = new(StringComparer.Ordinal) { ["download"] = string.Empty };

    private string? _shown;
    private string? _watched;
    private JobFacts? _job;
    private ProgressFacts? _progress;

    [Inject]
    internal JobWatch Watch { get; set; } = null!;

    [Inject]
    internal IJSRuntime Script { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    /// <summary>The job.</summary>
    [Parameter]
    public string Id { get; set; } = string.Empty;

    private string AgainUrl => "/?again=" + Uri.EscapeDataString(Id);

    /// <summary>Seconds that are left, at the pace so far; null while that says too little.</summary>
    private double? Remaining =>
        _job is { State: JobState.Generating, StartedAt: { } started } job && Share(job, _progress) is > SmallestShare and var share
            ? (Time.GetUtcNow() - started).TotalSeconds * (1 - share) / share
            : null;

    /// <summary>The share of all segments that is done.</summary>
    internal static double Share(JobFacts job, ProgressFacts? progress) =>
        job.Segments == 0 ? 0
        : job.State == JobState.Joining ? 1
        : Math.Min(1, (job.SegmentsDone + (job.State == JobState.Generating ? progress?.Share ?? 0 : 0)) / job.Segments);

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Id)
        {
            return;
        }

        (_shown, _job, _progress) = (Id, null, null);
        await BeginAnewAsync();
        await TryAsync(async () => _job = await Desk.FindAsync(await User.OwnerAsync(Scopes.Read, Left), Id, Left));
    }

    protected override void OnAfterRender(bool firstRender)
    {
        // Only where there is somebody to tell, not in the first rendering on the server.
        if (_job is not null && _watched != Id)
        {
            _watched = Id;
            _ = InvokeAsync(WatchAsync);
        }
    }

    private Task WatchAsync() =>
        TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Read, Left);
            await Watch.RunAsync(
                owner,
                Id,
                async (job, progress) =>
                {
                    var hasEnded = _job?.State.IsFinal() == false && job.State.IsFinal();
                    (_job, _progress) = (job, progress);
                    StateHasChanged();
                    if (hasEnded)
                    {
                        await Script.InvokeVoidAsync("latentsync.ended", Left, job.Id, StateWords.Of(job.State), job.Error ?? job.VideoName);
                    }
                },
                IsEnough,
                Left
            );
        });

    private bool IsEnough(JobFacts job) =>
        job.State switch
        {
            JobState.Succeeded => job.IsAnalysis || job.Score is not null || Time.GetUtcNow() - job.FinishedAt > ScoreLimit,
            var state => state.IsFinal(),
        };

    private Task CancelAsync() =>
        TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Submit, Left);
            await Desk.CancelAsync(owner, Id, Left);
        });

    private async Task RetryAsync()
    {
        await TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Submit, Left);
            await Desk.RetryAsync(owner, Id, Left);
        });
        if (Error is null)
        {
            _ = InvokeAsync(WatchAsync);
        }
    }
}
