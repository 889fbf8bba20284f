using System.Diagnostics;
using LatentSync.Audio;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Latents;
using LatentSync.Media;
using LatentSync.Restoration;

namespace LatentSync.Pipeline;

/// <summary>One video from files to file: opens the inputs, sets the stages up, lets the frames flow, completes the output.</summary>
internal sealed class LipSyncJob(
    LipSyncRequest request, IAudioEncoder audioEncoder, IFaceGenerator generator, FaceFinder faces, IProgress<LipSyncProgress>? progress, WorkTimes times)
{
    // Sound read, video opened.
    private const int PreparationSteps = 2;

    // What a backward pass over the video may hold, and in how many frames at the least and the most.
    private const int SegmentBytes = 256 << 20;
    private const int ShortestSegment = 4;
    private const int LongestSegment = 50;

    /// <summary>Refuses what can be seen to fail without decoding anything.</summary>
    public static async Task CheckAsync(LipSyncRequest request, CancellationToken cancellationToken)
    {
        request.ThrowIfInvalid();
        OutputContainer.ForPath(request.Output);
        (await MediaProbe.ProbeAsync(request.Video, cancellationToken).ConfigureAwait(false)).RequireVideo();
        (await MediaProbe.ProbeAsync(request.Audio, cancellationToken).ConfigureAwait(false)).RequireAudio();
        OutputFile.Create(request.Output, request.Overwrite, [request.Video, request.Audio]).Dispose();
    }

    /// <summary>Runs the job.</summary>
    public async Task<LipSyncResult> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var preparation = Meter(LipSyncStage.Prepare, PreparationSteps);
        var video = (await MediaProbe.ProbeAsync(request.Video, cancellationToken).ConfigureAwait(false)).RequireVideo();
        var audio = await ReadSoundAsync(cancellationToken).ConfigureAwait(false);
        preparation.Advance();

        var writer = await VideoWriter.CreateAsync(WriteOptions(video), cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            preparation.Advance();
            using var landmarker = faces.Create(request.Options.Parity);
            var timeline = Timeline(landmarker);
            var counts = await new FrameFlow(Parts(video, audio, timeline, writer)).RunAsync(audio.FrameCount, cancellationToken).ConfigureAwait(false);
            if (counts.Painted == 0)
            {
                throw new LipSyncException(
                    LipSyncErrorCode.NoFace,
                    $"No usable face was found in any frame of \"{request.Video}\"; the face must be upright, turned aside by less than 50 degrees, and at least 50 pixels wide and 80 high{(request.Options.Face == FaceChoice.Largest ? string.Empty : $", and --face {request.Options.Face} must be one that is there")}.")
                {
                    Path = request.Video,
                };
            }

            await CompleteAsync(writer, cancellationToken).ConfigureAwait(false);
            return new LipSyncResult
            {
                Output = request.Output,
                Frames = audio.FrameCount,
                SyncedFrames = counts.Painted,
                BridgedFrames = counts[FrameFate.Bridged],
                FramesWithoutFace = counts[FrameFate.NoFace],
                FramesTurnedAway = counts[FrameFate.TurnedAway],
                SceneCuts = timeline.Cuts,
                Width = video.DisplayWidth,
                Height = video.DisplayHeight,
                Elapsed = clock.Elapsed,
                Times = times.ToDictionary(),
            };
        }
    }

    private async Task<FrameAudio> ReadSoundAsync(CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Audio);
        var samples = await AudioReader.ReadMonoAsync(request.Audio, cancellationToken).ConfigureAwait(false);
        return FrameAudio.Create(samples, audioEncoder, request.Options.Parity);
    }

    private async Task CompleteAsync(VideoWriter writer, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Encode);
        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private VideoWriteOptions WriteOptions(VideoStreamInfo video) => new()
    {
        Path = request.Output,
        Width = video.DisplayWidth,
        Height = video.DisplayHeight,
        FrameRate = VideoReadOptions.ModelFrameRate,
        Color = video.Color,
        SampleAspectRatio = video.SampleAspectRatio,
        SoundPath = request.Audio,
        InputPaths = [request.Video],
        Overwrite = request.Overwrite,
    };

    private IFaceTimeline Timeline(IFaceLandmarker landmarker) => request.Options.Parity
        ? new ReferenceTimeline(landmarker, generator.Resolution)
        : new FaceTimeline(landmarker, generator.Resolution, request.Options.Face, request.Options.BridgeFrames);

    private FrameFlowParts Parts(VideoStreamInfo video, FrameAudio audio, IFaceTimeline timeline, IFrameWriter writer)
    {
        var (resolution, steps, frames) = (generator.Resolution, request.Options.InferenceSteps, audio.FrameCount);
        var pool = new FramePool(video.DisplayWidth, video.DisplayHeight);
        var segment = Math.Clamp(SegmentBytes / (video.DisplayWidth * video.DisplayHeight * 3), ShortestSegment, LongestSegment);
        return new FrameFlowParts
        {
            Source = new PingPongFrames(Open, pool, segment),
            Pool = pool,
            FacePool = new FramePool(resolution, resolution),
            Faces = timeline,
            StrictAbout = request.Options.Strict ? request.Video : null,
            Cropper = new FaceCropper(resolution),
            Audio = audio,
            Generator = generator,
            Restorer = request.Options.Parity ? new ReferenceRestorer(resolution) : new MouthRestorer(new RepaintMask(resolution).Pixels, resolution),
            Writer = writer,
            ClipLength = request.Options.NumFrames,
            StepsPerFrame = steps,
            Times = times,
            FaceProgress = Meter(LipSyncStage.Faces, frames),
            DiffusionProgress = Meter(LipSyncStage.Diffusion, (long)frames * steps),
            OutputProgress = Meter(LipSyncStage.Output, frames),
        };

        async Task<IFrameReader> Open(int start, int? limit, CancellationToken token) => new TimedFrameReader(
            await VideoReader.OpenAsync(request.Video, video, new VideoReadOptions { StartFrame = start, FrameLimit = limit }, token).ConfigureAwait(false), times);
    }

    private ProgressMeter Meter(LipSyncStage stage, long total) => new(stage, total, progress, TimeProvider.System);
}
