using System.Globalization;
using LatentSync.Page.Components;
using LatentSync.Page.Jobs;
using LatentSync.Page.Options;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Views;

/// <summary>Takes a video and a sound, shows what is in them, and submits a job.</summary>
public sealed partial class NewJob
{
    private static readonly QualityPreset?[] Presets = [null, QualityPreset.Preview, QualityPreset.Balanced, QualityPreset.Best];

    private readonly JobForm _form = new();
    private readonly Dictionary<string, double> _forecasts = new(StringComparer.Ordinal);

    private FilePick? _videoPick;
    private FilePick? _audioPick;
    private KnownFile? _video;
    private KnownFile? _audio;
    private string? _videoId;
    private string? _audioId;
    private JobFacts? _analysis;
    private JobFacts? _preview;
    private ProgressFacts? _previewProgress;
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

            // That of a part says nothing of the whole, of which another part may be chosen now.
            _analysis = job.Analysis is null || TimingPanel.Names.Any(job.Options.ContainsKey) ? null : job;
        });
        await ForecastAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && Again is not null && _analysis is null)
        {
            await AnalyseAsync();
        }
    }

    private async Task TakeAsync(string? video = null, string? audio = null)
    {
        (_videoId, _audioId) = (video ?? _videoId, audio ?? _audioId);
        if (video is not null)
        {
            // A face of the video before is none of this one, nor is a place in it.
            _form[JobForm.Face] = _form[JobForm.VideoStart] = string.Empty;
        }

        if (audio is not null)
        {
            _form[JobForm.AudioStart] = _form[JobForm.AudioDuration] = string.Empty;
        }

        await AnalyseAsync();
    }

    private Task ChooseFaceAsync(string face)
    {
        _form[JobForm.Face] = face;
        return AnalyseAsync();
    }

    private async Task CutAsync((double Start, double? End) part)
    {
        var start = Math.Round(part.Start, 2);
        Set(JobForm.AudioStart, start);
        Set(JobForm.AudioDuration, part.End is { } end ? Math.Round(end - start, 2) : 0);
        await ForecastAsync();

        void Set(string name, double value) => _form[name] = value > 0 ? value.ToString(CultureInfo.InvariantCulture) : string.Empty;
    }

    private async Task ChangeTimingAsync()
    {
        await ShowPartAsync();
        await ForecastAsync();
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
            if (_form.Values.TryGetValue(JobForm.Face, out var face))
            {
                options[JobForm.Face] = face;
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

    private async Task TellAsync(int look, JobFacts job)
    {
        if (look == _looks && job.State.IsFinal())
        {
            Error = job.Error;
            _analysis = job.Analysis is null ? _analysis : job;
            StateHasChanged();
            await ShowFacesAsync();
            await ShowSoundAsync();
        }
    }

    private async Task ShowFacesAsync()
    {
        if (_videoPick is { } pick && _analysis?.Analysis is { Width: > 0, Height: > 0 } found)
        {
            var chosen = _form[JobForm.Face];
            await pick.ShowFacesAsync(
                found.Faces.Select(
                    (face, index) =>
                        (object)
                            new
                            {
                                second = face.Second,
                                left = face.Box.Left / found.Width,
                                top = face.Box.Top / found.Height,
                                width = face.Box.Width / found.Width,
                                height = face.Box.Height / found.Height,
                                choice = face.Choice,
                                label = Say($"Choose face {index + 1}"),
                                isChosen = face.IsChosen || face.Choice == chosen,
                            }
                )
            );
        }
    }

    private async Task ShowSoundAsync()
    {
        if (_audioPick is { } pick && _analysis?.Analysis is { } found)
        {
            await pick.ShowSpeechAsync(found.Speech);
        }

        await ShowPartAsync();
    }

    private async Task ShowPartAsync()
    {
        if (_audioPick is { } pick)
        {
            var start = _form.Number(JobForm.AudioStart);
            var end = _form.Values.ContainsKey(JobForm.AudioDuration) ? start + _form.Number(JobForm.AudioDuration) : (double?)null;
            await pick.ShowPartAsync(start, end);
        }
    }

    private Task ForecastAsync() =>
        _analysis is not { Analysis: { } found } analysis
            ? Task.CompletedTask
            : TryAsync(async () =>
            {
                var owner = await User.OwnerAsync(Scopes.Read, Left);

                // The analysis is of all that is there.
                var whole = new JobForm().ResultSeconds(found.SourceSeconds, found.AudioSeconds);
                var share = whole > 0 ? _form.ResultSeconds(found.SourceSeconds, found.AudioSeconds) / whole : 1;
                var seconds = await Desk.ForecastAsync(owner, analysis.Id, [_form.Values, .. Presets.Select(_form.With)], Left);
                _forecast = share * seconds[0];
                _forecasts.Clear();
                foreach (var (preset, known) in Presets.Zip(seconds.Skip(1)))
                {
                    if (known is { } time)
                    {
                        _forecasts[preset?.ToString() ?? string.Empty] = share * time;
                    }
                }

                StateHasChanged();
            });

    private async Task PreviewAsync()
    {
        if (_videoId is not { } video || _audioId is not { } audio || _videoPick is null || _audioPick is null)
        {
            return;
        }

        await TryAsync(async () =>
        {
            var options = PreviewOptions.Of(_form, await _videoPick.TimeAsync(), await _audioPick.TimeAsync() ?? 0);
            var owner = await User.OwnerAsync(Scopes.Submit, Left);
            await ForgetPreviewAsync(owner);
            var id = await Desk.SubmitAsync(owner, video, audio, options, isAnalysis: false, Left);
            await Watch.RunAsync(
                owner,
                id,
                (job, progress) =>
                {
                    (_preview, _previewProgress) = (job, progress);
                    StateHasChanged();
                    return Task.CompletedTask;
                },
                job => job.State.IsFinal(),
                Left
            );
        });

        // Now it is known how long jobs like it take.
        await ForecastAsync();
    }

    /// <summary>Nobody needs a preview any more when there is another, or the whole.</summary>
    private async Task ForgetPreviewAsync(string owner)
    {
        if (_preview is { } old)
        {
            _preview = null;
            await Desk.DeleteAsync(owner, old.Id, Left);
        }
    }

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
            await ForgetPreviewAsync(owner);
            Navigation.NavigateTo("/jobs/" + id);
        });
        _isSubmitted = false;
    }
}
