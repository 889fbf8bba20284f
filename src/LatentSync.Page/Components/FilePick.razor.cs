using LatentSync.Page.Assets;
using LatentSync.Page.Media;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Components;

/// <summary>Takes a file by drop or by choice, shows it, and uploads it by tus; the bytes go past the circuit.</summary>
public sealed partial class FilePick : IAsyncDisposable
{
    private const string VideoKind = "video";
    private const string AudioKind = "audio";

    private ElementReference _element;
    private DotNetObjectReference<FilePick>? _self;
    private IJSObjectReference? _script;
    private string? _name;
    private string? _error;
    private double? _share;

    [Inject]
    internal PageAssets Files { get; set; } = null!;

    [Inject]
    internal IJSRuntime Script { get; set; } = null!;

    /// <summary><c>video</c>, <c>audio</c> or <c>face</c>.</summary>
    [Parameter, EditorRequired]
    public required string Kind { get; set; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required string Sentence { get; set; }

    /// <summary>A file that is taken over; null for none.</summary>
    [Parameter]
    public KnownFile? Known { get; set; }

    /// <summary>Told the upload's id when all of it is on the server.</summary>
    [Parameter]
    public EventCallback<string> Uploaded { get; set; }

    /// <summary>Told the second from which and the second up to which of a sound is used; null for its end.</summary>
    [Parameter]
    public EventCallback<(double Start, double? End)> Cut { get; set; }

    /// <summary>Told the choice of a face that was clicked.</summary>
    [Parameter]
    public EventCallback<string> Picked { get; set; }

    /// <summary>Told when it can show what is in the file.</summary>
    [Parameter]
    public EventCallback Attached { get; set; }

    private bool IsVideo => Kind == VideoKind;

    private bool IsAudio => Kind == AudioKind;

    private string Accept =>
        !IsVideo && !IsAudio ? "image/png,image/jpeg,image/webp"
        : IsVideo ? "video/*,image/png,image/jpeg,image/webp,.mkv,.mov,.avi,.ts"
        : "audio/*,video/*,.mkv,.mov,.opus";

    /// <summary>A file was chosen.</summary>
    [JSInvokable]
    public void Chosen(string name)
    {
        (_name, _error, _share) = (name, null, 0);
        StateHasChanged();
    }

    /// <summary>How far the upload is.</summary>
    [JSInvokable]
    public void Progress(double share)
    {
        _share = Math.Clamp(share, 0, 1);
        StateHasChanged();
    }

    /// <summary>All of it is on the server.</summary>
    [JSInvokable]
    public Task Done(string id)
    {
        _share = 1;
        StateHasChanged();
        return Uploaded.InvokeAsync(id);
    }

    /// <summary>It cannot be uploaded.</summary>
    /// <param name="sentence">The server's; null if there is none.</param>
    [JSInvokable]
    public void Failed(string? sentence)
    {
        _error = sentence ?? Say($"The upload was cut off; choose the file again and it goes on from there.");
        _share = null;
        StateHasChanged();
    }

    /// <summary>The part of a sound that is used was dragged.</summary>
    [JSInvokable]
    public Task Trimmed(double start, double? end) => Cut.InvokeAsync((start, end));

    /// <summary>A face was clicked.</summary>
    [JSInvokable]
    public Task FaceClicked(string choice) => Picked.InvokeAsync(choice);

    /// <summary>Where the video or the sound stands, in seconds; null for a picture.</summary>
    internal async ValueTask<double?> TimeAsync() => _script is null ? 0 : await _script.InvokeAsync<double?>("time");

    /// <summary>Shows which part of a sound is used.</summary>
    internal ValueTask ShowPartAsync(double start, double? end) => CallAsync("setPart", new { start, end });

    /// <summary>Shows where somebody speaks in a sound.</summary>
    internal ValueTask ShowSpeechAsync(IEnumerable<(double Start, double End)> spans) =>
        CallAsync("setSpeech", spans.Select(span => new[] { span.Start, span.End }));

    /// <summary>Shows faces as boxes on a video.</summary>
    internal ValueTask ShowFacesAsync(IEnumerable<object> faces) => CallAsync("setFaces", faces);

    public async ValueTask DisposeAsync()
    {
        // Taken first: an analysis that ends now has nothing left to draw on.
        var script = _script;
        _script = null;
        await script.DetachAsync();
        _self?.Dispose();
    }

    protected override void OnParametersSet()
    {
        if (_name is null && Known is { } known)
        {
            (_name, _share) = (known.Name, 1);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        await using var module = await Script.InvokeAsync<IJSObjectReference>("import", Files.Url("filepick.js"));
        _script = await module.InvokeAsync<IJSObjectReference>(
            "attach",
            _element,
            _self,
            new
            {
                tus = Files.Url("tus.min.js"),
                wave = Files.Url("wave.js"),
                faceboxes = Files.Url("faceboxes.js"),
                wavesurfer = Files.Url("wavesurfer.esm.js"),
                regions = Files.Url("regions.esm.js"),
                known = Known is { } known ? SourceEndpoints.Url(known.Id) : null,
                play = Say($"Play or pause the sound"),
                noMicrophone = Say($"The microphone cannot be used; allow it in the browser, or choose a file."),
            }
        );
        await Attached.InvokeAsync();
    }

    private ValueTask CallAsync(string name, object value) => _script?.InvokeVoidAsync(name, value) ?? ValueTask.CompletedTask;
}
