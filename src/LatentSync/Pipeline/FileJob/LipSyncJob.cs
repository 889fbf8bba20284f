using System.Diagnostics;
using LatentSync.Audio;
using LatentSync.Backends;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Write;
using LatentSync.Pipeline.Flow;
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
        var (clock, output) = (inputs.Clock, new OutputPlan(request, inputs));
        var preparation = _stages.Meter(LipSyncStage.Prepare, PreparationSteps);
        var (heard, _, soundDamage) = await inputs.HearAsync(_stages, cancellationToken).ConfigureAwait(false);
        preparation.Advance();
        var writer = await VideoWriter.CreateAsync(tools, output.WriteOptions, store.Segments, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            preparation.Advance();
            using var landmarker = faces.Create(request.Options.Parity);
            var timeline = await _stages.TimelineAsync(landmarker, clock, inputs.Video.PixelAspect, cancellationToken).ConfigureAwait(false);
            var video = new WholeVideo(request, inputs, heard, times);
            var preview = Preview(writer);
            var flow = new FrameFlow(
                _stages.Context(video.Pool, clock, output.ExpectedSeconds(heard.Schedule), store.FinishedSeconds),
                _stages.Preparation(video.Frames, timeline, heard, request.Video, landmarker) with
                {
                    FinishedFrames = (int)writer.FramesWritten,
                    ShowFirst = preview is null ? null : preview.ShowFirst,
                },
                _stages.Generation(heard),
                _stages.Finishing(preview ?? (IFrameWriter)writer)
            );
            var completion = new JobCompletion(request, inputs, times)
            {
                Counts = await video.RunAsync(flow, cancellationToken).ConfigureAwait(false),
                Shown = video.Frames.Shown,
                Cuts = timeline.Cuts,
                Unusable = UnusableFaces.Of(landmarker),
                Damages = [video.Source.Damage, soundDamage],
            };
            return await completion.RunAsync(writer, heard.Schedule, _settings.Notice, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Shows the frames on their way to the writer; null if nobody wants to see them.</summary>
    private PreviewWriter? Preview(VideoWriter writer) => request.Preview is { } show ? new PreviewWriter(writer, show, TimeProvider.System) : null;

    private static void RequireOutput(LipSyncRequest request) => OutputFile.Create(request.Output, request.Overwrite, [request.Video, request.Audio]).Dispose();
}
