using System.Diagnostics;
using LatentSync.Audio;
using LatentSync.Backends;
using LatentSync.Faces.Tracking;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Sound;
using LatentSync.Media.Write;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;

namespace LatentSync.Pipeline.FileJob;

/// <summary>
/// One video from files to file: <see cref="JobInputs"/> are opened, <see cref="FrameFlow"/> takes their frames through the
/// stages, <see cref="OutputPlan"/> says how they are written, <see cref="ResumeStore"/> keeps what is finished.
/// </summary>
internal sealed class LipSyncJob(
    LipSyncRequest request,
    IAudioEncoder audioEncoder,
    IFaceGenerator generator,
    FaceFinder faces,
    IProgress<LipSyncProgress>? progress,
    WorkTimes times,
    JobSettings? settings = null
)
{
    // Sound read, video opened.
    private const int PreparationSteps = 2;

    // What a backward pass over the video may hold, and in how many frames at the least and the most.
    private const int BackwardBytes = 256 << 20;
    private const int FewestBackwardFrames = 4;
    private const int MostBackwardFrames = 50;

    private readonly JobSettings _settings = settings ?? new JobSettings();
    private readonly FlowStages _stages = new(request.Options, audioEncoder, generator, faces, progress, times);

    /// <summary>Refuses what can be seen to fail without decoding anything.</summary>
    public static async Task CheckAsync(LipSyncRequest request, CancellationToken cancellationToken)
    {
        request.ThrowIfInvalid();
        OutputContainer.ForPath(request.Output);
        var tools = MediaTools.Locate();
        await tools.RequireVersionAsync(cancellationToken).ConfigureAwait(false);
        var inputs = await JobInputs.OpenAsync(request, tools, cancellationToken).ConfigureAwait(false);
        await SoundTrial.FindEncoderAsync(tools, inputs.Sound, request.Output, cancellationToken).ConfigureAwait(false);
        await ReferencePicture.CheckAsync(request.Options.Faces.Face, cancellationToken).ConfigureAwait(false);
        await EncoderTrial.ResolveAsync(tools, new OutputPlan(request, inputs).WriteOptions, cancellationToken).ConfigureAwait(false);
        RequireOutput(request);
    }

    /// <summary>Runs the job.</summary>
    public async Task<LipSyncResult> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var tools = MediaTools.Locate();
        var ffmpeg = await tools.RequireVersionAsync(cancellationToken).ConfigureAwait(false);
        var inputs = await JobInputs.OpenAsync(request, tools, cancellationToken).ConfigureAwait(false);
        RequireOutput(request);
        using var store = await ResumeStore.OpenAsync(request, _settings, ffmpeg, inputs.Clock, cancellationToken).ConfigureAwait(false);
        try
        {
            var result = await RunAsync(tools, inputs, store, cancellationToken).ConfigureAwait(false);
            store.Finish();
            return result with { Elapsed = watch.Elapsed };
        }
        catch (OperationCanceledException stop) when (store.CanResume)
        {
            throw store.Stopped(stop);
        }
        catch
        {
            store.TellFailed();
            throw;
        }
    }

    private async Task<LipSyncResult> RunAsync(MediaTools tools, JobInputs inputs, ResumeStore store, CancellationToken cancellationToken)
    {
        var (video, clock, output) = (inputs.Video, inputs.Clock, new OutputPlan(request, inputs));
        var preparation = _stages.Meter(LipSyncStage.Prepare, PreparationSteps);
        var (heard, soundDamage) = await HearAsync(inputs, cancellationToken).ConfigureAwait(false);
        preparation.Advance();
        var writer = await VideoWriter.CreateAsync(tools, output.WriteOptions, store.Segments, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            preparation.Advance();
            using var landmarker = faces.Create(request.Options.Parity);
            var timeline = await _stages.TimelineAsync(landmarker, clock, video.PixelAspect, cancellationToken).ConfigureAwait(false);
            var source = new SourceVideo(inputs.Source, inputs.Rate, clock, times, request.Options.Strict);
            var pool = new FramePool(video.DisplayWidth, video.DisplayHeight);
            var shown = new ScheduledFrames(source.OpenAsync, pool, BackwardFrames(video), heard.Schedule, clock);
            var preview = Preview(writer);
            var flow = new FrameFlow(
                _stages.Context(pool, clock, output.ExpectedSeconds(heard.Schedule), store.FinishedSeconds),
                _stages.Preparation(shown, landmarker, timeline, heard, request.Video) with
                {
                    FinishedFrames = (int)writer.FramesWritten,
                    ShowFirst = preview is null ? null : preview.ShowFirst,
                },
                _stages.Generation(heard),
                _stages.Finishing(preview ?? (IFrameWriter)writer)
            );
            var counts = await RunAsync(flow, source, cancellationToken).ConfigureAwait(false);
            var isCopied = await CompleteAsync(writer, inputs, output, shown, output.Edit(heard.Schedule, shown), counts, cancellationToken)
                .ConfigureAwait(false);

            var notices = Damages(source.Damage, soundDamage)
                .Concat(TrackNotices.Of(request, inputs.Source, inputs.Sound))
                .Concat(PictureNotices.Of(request, video, writer.Encoding, counts, landmarker, isCopied));
            foreach (var notice in notices)
            {
                _settings.Notice?.Invoke(notice);
            }

            return new LipSyncResult
            {
                Output = request.Output,
                Frames = (int)writer.FramesWritten,
                Duration = clock.Time(shown.Duration),
                SyncedFrames = counts.Painted,
                BridgedFrames = counts[FrameFate.Bridged],
                FramesWithoutFace = counts[FrameFate.NoFace],
                FramesTurnedAway = counts[FrameFate.TurnedAway],
                QuietFrames = counts[FrameFate.Quiet],
                PicturesCopied = isCopied,
                SceneCuts = timeline.Cuts,
                Width = video.DisplayWidth,
                Height = video.DisplayHeight,
                Elapsed = TimeSpan.Zero,
                Times = times.ToDictionary(),
            };
        }
    }

    private async Task<(HeardSound Heard, InputDamage? Damage)> HearAsync(JobInputs inputs, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Audio);
        var (samples, damage) = await inputs.ReadSoundAsync(cancellationToken).ConfigureAwait(false);
        return (_stages.Hear(samples.Span, samples.Length, LogMel.SampleRate, cancellationToken), damage);
    }

    /// <summary>Lets the frames flow. A damaged video that has to be whole is told before a frame without a face: it may be why there is none.</summary>
    private async Task<FrameCounts> RunAsync(FrameFlow flow, SourceVideo source, CancellationToken cancellationToken)
    {
        try
        {
            var counts = await flow.RunAsync(cancellationToken).ConfigureAwait(false);
            return request.Options.Strict && source.Damage is { } damage ? throw damage.Error : counts;
        }
        catch (LipSyncException error) when (request.Options.Strict && error.Code == LipSyncErrorCode.NoFace)
        {
            await source.RequireWholeAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Adds the sound and puts the result in its place.</summary>
    /// <returns>Whether the pictures are the source's, copied, because no mouth was painted.</returns>
    private async Task<bool> CompleteAsync(
        VideoWriter writer,
        JobInputs inputs,
        OutputPlan output,
        ScheduledFrames shown,
        SoundEdit edit,
        FrameCounts counts,
        CancellationToken cancellationToken
    )
    {
        using var measurement = times.Measure(LipSyncWork.Encode);
        if (counts.Painted == 0 && output.CanCopy(shown))
        {
            var isCut = shown.Source is null || shown.Duration < shown.Source.Duration;
            if (await writer.TryCompleteWithSourceAsync(inputs.Source, isCut, edit, shown.Last, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        await writer.CompleteAsync(edit, shown.Last, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Shows the frames on their way to the writer; null if nobody wants to see them.</summary>
    private PreviewWriter? Preview(VideoWriter writer) => request.Preview is { } show ? new PreviewWriter(writer, show, TimeProvider.System) : null;

    private static int BackwardFrames(VideoStreamInfo video) =>
        Math.Clamp(BackwardBytes / (video.DisplayWidth * video.DisplayHeight * 3), FewestBackwardFrames, MostBackwardFrames);

    private static void RequireOutput(LipSyncRequest request) => OutputFile.Create(request.Output, request.Overwrite, [request.Video, request.Audio]).Dispose();

    /// <summary>What is wrong with the files; one sentence where pictures and sound come from the same.</summary>
    private static IEnumerable<FormattableString> Damages(params InputDamage?[] damages) =>
        damages.OfType<InputDamage>().DistinctBy(damage => damage.Path, StringComparer.Ordinal).Select(damage => damage.Notice);
}
