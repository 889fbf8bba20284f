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
    LipSyncRequest request,
    IAudioEncoder audioEncoder,
    IFaceGenerator generator,
    FaceFinder faces,
    IProgress<LipSyncProgress>? progress,
    WorkTimes times,
    Action<string>? notice = null)
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
        var source = await ProbeSourceAsync(request, cancellationToken).ConfigureAwait(false);
        var video = source.RequireVideo();
        (await MediaProbe.ProbeAsync(request.Audio, cancellationToken).ConfigureAwait(false)).RequireAudio();
        if (request.Options.Face.Picture is { } picture)
        {
            await ReferencePicture.ProbeAsync(picture, cancellationToken).ConfigureAwait(false);
        }

        await EncoderTrial.ResolveAsync(MediaTools.Locate(), WriteOptions(request, video), cancellationToken).ConfigureAwait(false);
        OutputFile.Create(request.Output, request.Overwrite, [request.Video, request.Audio]).Dispose();
    }

    /// <summary>Runs the job.</summary>
    public async Task<LipSyncResult> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var preparation = Meter(LipSyncStage.Prepare, PreparationSteps);
        var source = await ProbeSourceAsync(request, cancellationToken).ConfigureAwait(false);
        var video = source.RequireVideo();
        var (audio, schedule) = await ReadSoundAsync(cancellationToken).ConfigureAwait(false);
        preparation.Advance();

        var writer = await VideoWriter.CreateAsync(WriteOptions(request, video), cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            preparation.Advance();
            using var landmarker = faces.Create(request.Options.Parity);
            var likeness = request.Options.Face.Picture is { } picture
                ? await ReferencePicture.ReadAsync(picture, landmarker, video.PixelAspect, cancellationToken).ConfigureAwait(false)
                : null;
            var timeline = Timeline(landmarker, video, likeness);
            var parts = Parts(video, audio, schedule, timeline, writer);
            var counts = await new FrameFlow(parts).RunAsync(cancellationToken).ConfigureAwait(false);
            parts.FaceProgress.Finish();
            parts.DiffusionProgress.Finish();
            parts.OutputProgress.Finish();
            var frames = (int)writer.FramesWritten;
            var edit = Edit(source, schedule, frames, parts.Source.SourceFrames);
            var isCopied = counts.Painted == 0 && await TryCopyAsync(writer, source, frames, parts.Source.SourceFrames, edit, cancellationToken).ConfigureAwait(false);
            if (!isCopied)
            {
                await CompleteAsync(writer, edit, cancellationToken).ConfigureAwait(false);
            }

            foreach (var sentence in PictureNotices.Of(request, video, writer.Encoding, counts, landmarker.SmallFaces, isCopied))
            {
                notice?.Invoke(sentence);
            }

            return new LipSyncResult
            {
                Output = request.Output,
                Frames = frames,
                SyncedFrames = counts.Painted,
                BridgedFrames = counts[FrameFate.Bridged],
                FramesWithoutFace = counts[FrameFate.NoFace],
                FramesTurnedAway = counts[FrameFate.TurnedAway],
                PicturesCopied = isCopied,
                SceneCuts = timeline.Cuts,
                Width = video.DisplayWidth,
                Height = video.DisplayHeight,
                Elapsed = clock.Elapsed,
                Times = times.ToDictionary(),
            };
        }
    }

    /// <summary>What is in the video, which may be a picture; refuses options that it does not go with.</summary>
    private static async Task<MediaInfo> ProbeSourceAsync(LipSyncRequest request, CancellationToken cancellationToken)
    {
        var source = await MediaProbe.ProbePicturesAsync(request.Video, cancellationToken).ConfigureAwait(false);
        var options = request.Options;
        var mistake =
            source.RequireVideo().StillDemuxer is not null && (options.Length == LipSyncLength.Video || options.Loop == LipSyncLoop.Trim)
                ? $"\"{request.Video}\" is a picture, which has no length of its own; leave out --length video and --loop trim."
            : source.Audio is null && options.MixLevel is not null
                ? $"\"{request.Video}\" has no sound track that could be mixed in; leave out --mix."
            : null;
        if (mistake is not null)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidOptions, mistake) { Path = request.Video };
        }

        await VideoReader.CheckAsync(MediaTools.Locate(), request.Video, source.RequireVideo(), cancellationToken).ConfigureAwait(false);
        return source;
    }

    private async Task<(FrameAudio Audio, FrameSchedule Schedule)> ReadSoundAsync(CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Audio);
        var options = request.Options;
        var samples = await AudioReader.ReadMonoAsync(request.Audio, cancellationToken).ConfigureAwait(false);
        var start = (long)Math.Round(options.AudioStart * AudioReader.SampleRate);
        if (start >= samples.Length)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                Invariant($"--audio-start is {options.AudioStart}, but \"{request.Audio}\" ends after {(double)samples.Length / AudioReader.SampleRate:0.###} seconds; choose an earlier start."))
            {
                Path = request.Audio,
            };
        }

        var schedule = FrameSchedule.Create(options.Length, options.Loop, samples.Length - start, AudioReader.SampleRate, options.SilentPadding);
        var goesOn = options.SilentPadding > 0 || options.Length == LipSyncLength.Video;
        var audio = FrameAudio.Create(samples.AsSpan((int)start), audioEncoder, options.Parity, goesOn);
        return (audio, goesOn ? schedule : schedule with { SoundFrames = audio.FrameCount });
    }

    private SoundEdit Edit(MediaInfo source, FrameSchedule schedule, int frames, int? sourceFrames)
    {
        var options = request.Options;
        var isShorter = options.Length == LipSyncLength.Video && schedule.SoundFrames < frames;
        return new SoundEdit
        {
            Start = options.AudioStart,
            FillsPictures = options.SilentPadding > 0 || isShorter,
            Under = options.MixLevel is { } level
                ? new SoundUnder(request.Video, source.RequireAudio(), level, sourceFrames < frames ? sourceFrames : null, options.Loop != LipSyncLoop.Freeze)
                : null,
        };
    }

    private async Task CompleteAsync(VideoWriter writer, SoundEdit edit, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Encode);
        await writer.CompleteAsync(edit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Where no mouth was painted and every frame of the video is shown once, in order, its pictures need not be encoded
    /// again; unless the user asks for an encoding.
    /// </summary>
    private async Task<bool> TryCopyAsync(VideoWriter writer, MediaInfo source, int frames, int? sourceFrames, SoundEdit edit, CancellationToken cancellationToken)
    {
        if (frames > (sourceFrames ?? int.MaxValue) || request.Options.Encoding != new VideoEncoding())
        {
            return false;
        }

        using var measurement = times.Measure(LipSyncWork.Encode);
        return await writer.TryCompleteWithSourceAsync(source, isCut: frames != sourceFrames, edit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How the result is written: as the source is stored, as far as the encoder can.</summary>
    internal static VideoWriteOptions WriteOptions(LipSyncRequest request, VideoStreamInfo video) => new()
    {
        Path = request.Output,
        Width = video.DisplayWidth,
        Height = video.DisplayHeight,
        FrameRate = VideoReadOptions.ModelFrameRate,
        Color = video.ResultColor,
        SourceFormat = video.ResultFormat,
        ChromaLocation = video.StillDemuxer is null ? video.ChromaLocation : null,
        Encoding = request.Options.Encoding,
        SampleAspectRatio = video.SampleAspectRatio,
        SoundPath = request.Audio,
        InputPaths = [request.Video],
        Overwrite = request.Overwrite,
    };

    private IFaceTimeline Timeline(IFaceLandmarker landmarker, VideoStreamInfo video, FaceLikeness? likeness) => request.Options.Parity
        ? new ReferenceTimeline(landmarker, generator.Resolution)
        : new FaceTimeline(landmarker, generator.Resolution, request.Options.Face, request.Options.BridgeFrames, video.PixelAspect, likeness);

    private FrameFlowParts Parts(VideoStreamInfo video, FrameAudio audio, FrameSchedule schedule, IFaceTimeline timeline, IFrameWriter writer)
    {
        var (resolution, steps, frames) = (generator.Resolution, request.Options.InferenceSteps, ExpectedFrames(video, schedule));
        var pool = new FramePool(video.DisplayWidth, video.DisplayHeight);
        var segment = Math.Clamp(SegmentBytes / (video.DisplayWidth * video.DisplayHeight * 3), ShortestSegment, LongestSegment);
        return new FrameFlowParts
        {
            Source = new ScheduledFrames(Open, pool, segment, schedule),
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

    /// <summary>For the progress: what the header says of the video's length may be wrong or missing.</summary>
    private static int ExpectedFrames(VideoStreamInfo video, FrameSchedule schedule)
    {
        var seconds = video.Duration?.TotalSeconds ?? (video.FrameCount / video.AverageFrameRate?.Value);
        return seconds * FrameSchedule.FramesPerSecond is >= 1 and < int.MaxValue and var frames
            ? schedule.FrameCount((int)Math.Round(frames))
            : schedule.SoundFrames;
    }

    private ProgressMeter Meter(LipSyncStage stage, long total) => new(stage, total, progress, TimeProvider.System);
}
