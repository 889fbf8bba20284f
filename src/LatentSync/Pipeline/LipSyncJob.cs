using System.Diagnostics;
using LatentSync.Audio;
using LatentSync.Faces.Tracking;
using LatentSync.Media;

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

    private readonly FlowStages _stages = new(request.Options, audioEncoder, generator, faces, progress, times);

    /// <summary>Refuses what can be seen to fail without decoding anything.</summary>
    public static async Task CheckAsync(LipSyncRequest request, CancellationToken cancellationToken)
    {
        request.ThrowIfInvalid();
        OutputContainer.ForPath(request.Output);
        var source = await ProbeSourceAsync(request, cancellationToken).ConfigureAwait(false);
        var video = source.RequireVideo();
        (await MediaProbe.ProbeAsync(request.Audio, cancellationToken).ConfigureAwait(false)).RequireAudio();
        await VideoWriter.CheckEncoderAsync(
            MediaTools.Locate(), request.Output, request.Options.Encoding, video.DisplayWidth, video.DisplayHeight, cancellationToken).ConfigureAwait(false);
        OutputFile.Create(request.Output, request.Overwrite, [request.Video, request.Audio]).Dispose();
    }

    /// <summary>Runs the job.</summary>
    public async Task<LipSyncResult> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var preparation = _stages.Meter(LipSyncStage.Prepare, PreparationSteps);
        var source = await ProbeSourceAsync(request, cancellationToken).ConfigureAwait(false);
        var video = source.RequireVideo();
        var (rate, clock) = Times(video);
        var (audio, schedule) = await ReadSoundAsync(cancellationToken).ConfigureAwait(false);
        preparation.Advance();

        var writer = await VideoWriter.CreateAsync(WriteOptions(video, clock), cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            preparation.Advance();
            using var landmarker = faces.Create(request.Options.Parity);
            var timeline = _stages.Timeline(landmarker, clock);
            var pool = new FramePool(video.DisplayWidth, video.DisplayHeight);
            var segment = Math.Clamp(SegmentBytes / (video.DisplayWidth * video.DisplayHeight * 3), ShortestSegment, LongestSegment);
            var shown = new ScheduledFrames(new SourceVideo(request.Video, video, rate, clock, times).OpenAsync, pool, segment, schedule, clock);
            var parts = _stages.Parts(shown, pool, clock, ExpectedSeconds(video, schedule), audio, timeline, Shown(writer), request.Video);
            var counts = await FlowStages.RunAsync(parts, cancellationToken).ConfigureAwait(false);
            if (counts.Painted == 0)
            {
                throw new LipSyncException(
                    LipSyncErrorCode.NoFace,
                    $"No usable face was found in any frame of \"{request.Video}\"; the face must be upright, turned aside by less than 50 degrees, and at least 50 pixels wide and 80 high{(request.Options.Face == FaceChoice.Largest ? string.Empty : $", and --face {request.Options.Face} must be one that is there")}.")
                {
                    Path = request.Video,
                };
            }

            var duration = clock.Time(shown.Duration);
            await CompleteAsync(writer, Edit(source, schedule, shown, clock), duration, cancellationToken).ConfigureAwait(false);
            return new LipSyncResult
            {
                Output = request.Output,
                Frames = (int)writer.FramesWritten,
                Duration = duration,
                SyncedFrames = counts.Painted,
                BridgedFrames = counts[FrameFate.Bridged],
                FramesWithoutFace = counts[FrameFate.NoFace],
                FramesTurnedAway = counts[FrameFate.TurnedAway],
                SceneCuts = timeline.Cuts,
                Width = video.DisplayWidth,
                Height = video.DisplayHeight,
                Elapsed = watch.Elapsed,
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
        return mistake is null ? source : throw new LipSyncException(LipSyncErrorCode.InvalidOptions, mistake) { Path = request.Video };
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

        return _stages.Hear(samples.AsSpan((int)start), samples.Length - start, AudioReader.SampleRate);
    }

    private SoundEdit Edit(MediaInfo source, FrameSchedule schedule, ScheduledFrames shown, FrameClock clock)
    {
        var options = request.Options;
        var isShorter = options.Length == LipSyncLength.Video && shown.Source is { } times && schedule.End(clock.TicksPerSecond) <= times[times.Count - 1];
        return new SoundEdit
        {
            Start = options.AudioStart,
            FillsPictures = options.SilentPadding > 0 || isShorter,
            Under = options.MixLevel is { } level
                ? new SoundUnder(request.Video, source.RequireAudio(), level, PassTicks(shown), clock.TicksPerSecond, options.Loop != LipSyncLoop.Freeze)
                : null,
        };
    }

    private IFrameWriter Shown(VideoWriter writer) => request.Preview is { } show ? new PreviewWriter(writer, show, TimeProvider.System) : writer;

    private static long? PassTicks(ScheduledFrames shown) => shown.Source is { } times && times.Duration < shown.Duration ? times.Duration : null;

    private async Task CompleteAsync(VideoWriter writer, SoundEdit edit, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Encode);
        await writer.CompleteAsync(edit, duration, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The frame rate of the result, null for the video's own times, and the clock of its times.</summary>
    private (FrameRate? Rate, FrameClock Clock) Times(VideoStreamInfo video)
    {
        var chosen = request.Options.Parity ? FrameRate.Model : request.Options.FrameRate;
        return chosen is null && video.SourceClock is { } source ? (null, source) : (chosen ?? FrameRate.Model, FrameClock.Of(chosen ?? FrameRate.Model));
    }

    private VideoWriteOptions WriteOptions(VideoStreamInfo video, FrameClock clock) => new()
    {
        Path = request.Output,
        Width = video.DisplayWidth,
        Height = video.DisplayHeight,
        Clock = clock,
        Color = video.StillDemuxer is null ? video.Color : ColorTags.None,
        Encoding = request.Options.Encoding,
        SampleAspectRatio = video.SampleAspectRatio,
        SoundPath = request.Audio,
        InputPaths = [request.Video],
        Overwrite = request.Overwrite,
    };

    /// <summary>For the progress: what the header says of the video's length may be wrong or missing.</summary>
    private static double ExpectedSeconds(VideoStreamInfo video, FrameSchedule schedule)
    {
        var sound = (double)schedule.Samples / schedule.SampleRate;
        return (video.Duration?.TotalSeconds ?? (video.FrameCount / video.AverageFrameRate?.Value)) is { } shown and > 0
            ? (schedule.Length, schedule.Loop) switch
            {
                (LipSyncLength.Video, _) => shown,
                (_, LipSyncLoop.Trim) => Math.Min(shown, sound),
                _ => sound,
            }
            : sound;
    }
}
