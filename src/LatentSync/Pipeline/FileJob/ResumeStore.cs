using System.Diagnostics.CodeAnalysis;
using LatentSync.Jobs;
using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.FileJob;

/// <summary>What a job has finished so far, kept in its folder so that the same request resumes from there.</summary>
internal sealed class ResumeStore : IDisposable
{
    private readonly LipSyncRequest _request;
    private readonly JobFolder _folder;
    private readonly FrameClock _clock;
    private readonly Action<FormattableString>? _notice;

    private ResumeStore(LipSyncRequest request, JobFolder folder, FrameClock clock, Action<FormattableString>? notice) =>
        (_request, _folder, _clock, _notice) = (request, folder, clock, notice);

    /// <summary>Where the finished segments of the video are.</summary>
    public ISegmentStore Segments => _folder;

    /// <summary>How many seconds of the result are finished.</summary>
    public double FinishedSeconds => Kept.TotalSeconds;

    /// <summary>Whether a job that ends now can resume later.</summary>
    public bool CanResume => !_folder.IsFinished && _folder.Segments.Count > 0;

    private TimeSpan Kept => _folder.Segments is [.., var last] ? _clock.Time(last.End) : TimeSpan.Zero;

    private FormattableString Sentence =>
        $"{JobTime.Format(Kept)} of \"{_request.Output}\" are kept; rerun the same command, or latentsync resume \"{_request.Output}\", to continue.";

    /// <summary>Opens the folder of a job, takes its lock, and says if there is something to resume from.</summary>
    /// <param name="request">The job.</param>
    /// <param name="settings">What else its result depends on.</param>
    /// <param name="ffmpeg">ffmpeg's version, on which it depends too.</param>
    /// <param name="clock">The clock of the result's times.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">The folder belongs to another job or another process, or the inputs have changed.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the folder.")]
    public static async Task<ResumeStore> OpenAsync(
        LipSyncRequest request,
        JobSettings settings,
        string ffmpeg,
        FrameClock clock,
        CancellationToken cancellationToken
    )
    {
        var folder = JobFolder.Open(request.Output, request.Restart, settings.SegmentDuration, clock);
        try
        {
            await folder.BeginAsync(Describe(request, settings, ffmpeg), RequestOptions.Inputs(request), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        var store = new ResumeStore(request, folder, clock, settings.Notice);
        if (store.CanResume)
        {
            store._notice?.Invoke($"Resuming \"{request.Output}\" after {JobTime.Format(store.Kept)}.");
        }

        return store;
    }

    /// <summary>The result is complete: nothing needs to be kept.</summary>
    public void Finish() => _folder.Finish();

    /// <summary>Says what is kept although the job failed.</summary>
    public void TellFailed()
    {
        if (CanResume)
        {
            _notice?.Invoke(Sentence);
        }
    }

    /// <summary>What is kept of a job that was cancelled.</summary>
    public LipSyncStoppedException Stopped(OperationCanceledException cause) => new($"Stopped; {Sentence}", _folder.Path, Kept, cause);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>What the result depends on, but for the contents of the inputs.</summary>
    private static JobDescription Describe(LipSyncRequest request, JobSettings settings, string ffmpeg) =>
        new()
        {
            Output = Path.GetFullPath(request.Output),
            Options = RequestOptions.Of(request, settings.EngineOptions),
            Facts = new Dictionary<string, string>(settings.Facts, StringComparer.Ordinal)
            {
                [JobComparison.EngineVersion] = typeof(ResumeStore).Assembly.GetName().Version?.ToString() ?? string.Empty,
                [JobComparison.FfmpegVersion] = ffmpeg,
                [JobComparison.PartLength] = settings.SegmentDuration.ToString("c", CultureInfo.InvariantCulture),
            },
            Inputs = new Dictionary<string, string>(StringComparer.Ordinal),
        };
}
