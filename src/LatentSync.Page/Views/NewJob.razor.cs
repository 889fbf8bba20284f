using LatentSync.Page.Components;
using LatentSync.Page.Jobs;
using LatentSync.Page.Options;
using LatentSync.Page.Security;
using LatentSync.Page.Words;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Views;

/// <summary>Takes a video and a sound, shows what is in them, and submits a job.</summary>
public sealed partial class NewJob : IDisposable
{
    private readonly CancellationTokenSource _left = new();
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
    private string? _error;

    [Inject]
    internal PageUser User { get; set; } = null!;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal JobWatch Watch { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    /// <summary>A job whose files and options are taken over.</summary>
    [SupplyParameterFromQuery(Name = "again")]
    private string? Again { get; set; }

    private bool IsReady => _videoId is not null && _audioId is not null && !_isSubmitted;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        if (Again is not { } id)
        {
            return;
        }

        await TryAsync(async () =>
        {
            var job = await Desk.FindAsync(await User.OwnerAsync(Scopes.Read, _left.Token), id, _left.Token);
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
            var owner = await User.OwnerAsync(Scopes.Submit, _left.Token);
            var options = new Dictionary<string, string>(StringComparer.Ordinal);
            if (_form.Values.TryGetValue("face", out var face))
            {
                options["face"] = face;
            }

            var id = await Desk.SubmitAsync(owner, video, audio, options, isAnalysis: true, _left.Token);
            await Watch.RunAsync(owner, id, (job, _) => TellAsync(look, job), job => job.State.IsFinal() || look != _looks, _left.Token);
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
            _error = job.Error;
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
                var owner = await User.OwnerAsync(Scopes.Read, _left.Token);
                _forecast = (await Desk.ForecastAsync(owner, analysis.Id, _form.Values, _left.Token))?.Seconds;
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
            var owner = await User.OwnerAsync(Scopes.Submit, _left.Token);
            var id = await Desk.SubmitAsync(owner, video, audio, _form.Values, isAnalysis: false, _left.Token);
            Navigation.NavigateTo("/jobs/" + id);
        });
        _isSubmitted = false;
    }

    private async Task TryAsync(Func<Task> run)
    {
        try
        {
            _error = null;
            await run();
        }
        catch (RequestException error)
        {
            _error = ErrorWords.Of(error);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
    }
}
