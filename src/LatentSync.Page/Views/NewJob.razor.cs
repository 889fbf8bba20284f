using LatentSync.Page.Components;
using LatentSync.Page.Jobs;
using LatentSync.Page.Options;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Views;

/// <summary>Takes a video and a sound, shows what is in them, and submits a job.</summary>
public sealed partial class NewJob
{
    private readonly JobForm _form = new();

    private KnownFile? _video;
    private KnownFile? _audio;
    private string? _videoId;
    private string? _audioId;
    private JobFacts? _analysis;
    private int _looks;
    private bool _isAnalysing;
    private bool _isSubmitted;
    private double? _forecast;

    [Inject]
    internal JobWatch Watch { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    /// <summary>A job whose files and options are taken over.</summary>
    [SupplyParameterFromQuery(Name = "again")]
    private string? Again { get; set; }

    private bool IsReady => _videoId is not null && _audioId is not null && !_isSubmitted;

    protected override async Task OnInitializedAsync()
    {
        if (Again is not { } id)
        {
            return;
        }

        await TryAsync(async () =>
        {
            var job = await Desk.FindAsync(await User.OwnerAsync(Scopes.Read, Left), id, Left);
            (_video, _audio) = (new KnownFile(job.VideoId, job.VideoName), new KnownFile(job.AudioId, job.AudioName));
            (_videoId, _audioId) = (job.VideoId, job.AudioId);
            _form.Take(job);
            _analysis = job.Analysis is null ? null : job;
        });
        await ForecastAsync();
    }

    private async Task TakeAsync(string? video = null, string? audio = null)
    {
        (_videoId, _audioId) = (video ?? _videoId, audio ?? _audioId);
        if (video is not null)
        {
            // A face of the video before is none of this one.
            _form["face"] = string.Empty;
        }

        await AnalyseAsync();
    }

    private Task ChooseFaceAsync(string face)
    {
        _form["face"] = face;
        return AnalyseAsync();
    }

    private async Task AnalyseAsync()
    {
        if (_videoId is not { } video || _audioId is not { } audio)
        {
            return;
        }

        var look = ++_looks;
        _isAnalysing = true;
        StateHasChanged();
        await TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Submit, Left);
            var options = new Dictionary<string, string>(StringComparer.Ordinal);
            if (_form.Values.TryGetValue("face", out var face))
            {
                options["face"] = face;
            }

            var id = await Desk.SubmitAsync(owner, video, audio, options, isAnalysis: true, Left);
            await Watch.RunAsync(owner, id, (job, _) => TellAsync(look, job), job => job.State.IsFinal() || look != _looks, Left);
        });
        if (look == _looks)
        {
            _isAnalysing = false;
            StateHasChanged();
            await ForecastAsync();
        }
    }

    private Task TellAsync(int look, JobFacts job)
    {
        if (look == _looks && job.State.IsFinal())
        {
            Error = job.Error;
            _analysis = job.Analysis is null ? _analysis : job;
            StateHasChanged();
        }

        return Task.CompletedTask;
    }

    private Task ForecastAsync() =>
        _analysis is not { } analysis
            ? Task.CompletedTask
            : TryAsync(async () =>
            {
                var owner = await User.OwnerAsync(Scopes.Read, Left);
                _forecast = (await Desk.ForecastAsync(owner, analysis.Id, _form.Values, Left))?.Seconds;
                StateHasChanged();
            });

    private async Task SubmitAsync()
    {
        if (_videoId is not { } video || _audioId is not { } audio)
        {
            return;
        }

        _isSubmitted = true;
        await TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Submit, Left);
            var id = await Desk.SubmitAsync(owner, video, audio, _form.Values, isAnalysis: false, Left);
            Navigation.NavigateTo("/jobs/" + id);
        });
        _isSubmitted = false;
    }
}
