using System.Diagnostics;
using LatentSync.Audio;
using LatentSync.Backends;
using LatentSync.Faces.Tracking;
using LatentSync.Jobs;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Sound;
using LatentSync.Media.Write;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.FileJob;

/// <summary>One video from files to file: opens the inputs, sets the stages up, lets the frames flow, completes the output.</summary>
internal sealed class LipSyncJob(
    LipSyncRequest request,
    IAudioEncoder audioEncoder,
    IFaceGenerator generator,
    FaceFinder faces,
    IProgress<LipSyncProgress>? progress,
    WorkTimes times,
    JobSettings? settings = null)
{
    private readonly JobSettings _settings = settings ?? new JobSettings();

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
        await MediaTools.Locate().RequireVersionAsync(cancellationToken).ConfigureAwait(false);
        var source = await ProbeSourceAsync(request, cancellationToken).ConfigureAwait(false);
        var video = source.RequireVideo();
        var sound = (await MediaProbe.ProbeAsync(request.Audio, cancellationToken).ConfigureAwait(false)).WithAudioTrack(request.Options.AudioTrack);
        await SoundTrial.FindEncoderAsync(MediaTools.Locate(), sound, request.Output, cancellationToken).ConfigureAwait(false);
        await ReferencePicture.CheckAsync(request.Options.Face, cancellationToken).ConfigureAwait(false);
        await EncoderTrial.ResolveAsync(MediaTools.Locate(), WriteOptions(request, video, Times(request, video).Clock), cancellationToken).ConfigureAwait(false);
        OutputFile.Create(request.Output, request.Overwrite, [request.Video, request.Audio]).Dispose();
    }

    /// <summary>Runs the job.</summary>
    public async Task<LipSyncResult> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var tools = MediaTools.Locate();
        var ffmpeg = await tools.RequireVersionAsync(cancellationToken).ConfigureAwait(false);
        var source = await ProbeSourceAsync(request, cancellationToken).ConfigureAwait(false);
        var video = source.RequireVideo();
        var (rate, clock) = Times(request, video);
        OutputFile.Create(request.Output, request.Overwrite, [request.Video, request.Audio]).Dispose();
        using var folder = JobFolder.Open(request.Output, request.Restart, _settings.SegmentDuration, clock);
        await folder.BeginAsync(Describe(ffmpeg), RequestOptions.Inputs(request), cancellationToken).ConfigureAwait(false);
        var kept = new KeptParts(request, folder, clock, _settings.Notice);
        kept.TellStart();
        try
        {
            var result = await RunAsync(tools, source, rate, clock, folder, cancellationToken).ConfigureAwait(false);
            folder.Finish();
            return result with { Elapsed = watch.Elapsed };
        }
        catch (OperationCanceledException stop) when (kept.Any)
        {
            throw kept.Stopped(stop);
        }
        catch
        {
            kept.TellEnd();
            throw;
        }
    }

    private async Task<LipSyncResult> RunAsync(
        MediaTools tools, MediaInfo source, FrameRate? rate, FrameClock clock, JobFolder folder, CancellationToken cancellationToken)
    {
        var video = source.RequireVideo();
        var preparation = _stages.Meter(LipSyncStage.Prepare, PreparationSteps);
        var sound = (await MediaProbe.ProbeAsync(tools, request.Audio, cancellationToken).ConfigureAwait(false)).WithAudioTrack(request.Options.AudioTrack);
        var ((audio, quiet, schedule), soundDamage) = await ReadSoundAsync(tools, sound, cancellationToken).ConfigureAwait(false);
        preparation.Advance();
        var writer = await VideoWriter.CreateAsync(tools, WriteOptions(request, video, clock), folder, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            preparation.Advance();
            using var landmarker = faces.Create(request.Options.Parity);
            var timeline = await _stages.TimelineAsync(landmarker, clock, video.PixelAspect, cancellationToken).ConfigureAwait(false);
            var film = new SourceVideo(source, rate, clock, times, request.Options.Strict);
            var pool = new FramePool(video.DisplayWidth, video.DisplayHeight);
            var segment = Math.Clamp(SegmentBytes / (video.DisplayWidth * video.DisplayHeight * 3), ShortestSegment, LongestSegment);
            var shown = new ScheduledFrames(film.OpenAsync, pool, segment, schedule, clock);
            var finished = folder.Segments is [.., var last] ? clock.Time(last.End).TotalSeconds : 0;
            var preview = Preview(writer);
            var parts = _stages.Parts(shown, pool, clock, ExpectedSeconds(video, schedule), audio, timeline, preview ?? (IFrameWriter)writer, request.Video, finished);
            parts = parts with { Quiet = quiet, ShowFirst = preview is null ? null : preview.ShowFirst, FinishedFrames = (int)writer.FramesWritten };
            var counts = await RunAsync(parts, film, cancellationToken).ConfigureAwait(false);
            var duration = clock.Time(shown.Duration);
            var edit = Edit(source, schedule, shown, clock);
            var isCopied = counts.Painted == 0 && rate is null && await TryCopyAsync(writer, source, shown, edit, cancellationToken).ConfigureAwait(false);
            if (!isCopied)
            {
                await CompleteAsync(writer, edit, shown.Last, cancellationToken).ConfigureAwait(false);
            }

            var sentences = Damages(film.Damage, soundDamage).Concat(TrackNotices.Of(request, source, sound))
                .Concat(PictureNotices.Of(request, video, writer.Encoding, counts, landmarker, isCopied));
            foreach (var sentence in sentences)
            {
                _settings.Notice?.Invoke(sentence);
            }

            return Result(video, counts, timeline.Cuts) with { Frames = (int)writer.FramesWritten, Duration = duration, PicturesCopied = isCopied };
        }
    }

    /// <summary>Lets the frames flow. A damaged video that has to be whole is told before a frame without a face: it may be why there is none.</summary>
    private async Task<FrameCounts> RunAsync(FrameFlowParts parts, SourceVideo film, CancellationToken cancellationToken)
    {
        try
        {
            var counts = await FlowStages.RunAsync(parts, cancellationToken).ConfigureAwait(false);
            return request.Options.Strict && film.Damage is { } damage ? throw damage.Error : counts;
        }
        catch (LipSyncException error) when (request.Options.Strict && error.Code == LipSyncErrorCode.NoFace)
        {
            await film.RequireWholeAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private LipSyncResult Result(VideoStreamInfo video, FrameCounts counts, int cuts) => new()
    {
        Output = request.Output,
        Frames = 0,
        Duration = TimeSpan.Zero,
        SyncedFrames = counts.Painted,
        BridgedFrames = counts[FrameFate.Bridged],
        FramesWithoutFace = counts[FrameFate.NoFace],
        FramesTurnedAway = counts[FrameFate.TurnedAway],
        QuietFrames = counts[FrameFate.Quiet],
        PicturesCopied = false,
        SceneCuts = cuts,
        Width = video.DisplayWidth,
        Height = video.DisplayHeight,
        Elapsed = TimeSpan.Zero,
        Times = times.ToDictionary(),
    };

    /// <summary>What is wrong with the files; one sentence where pictures and sound come from the same.</summary>
    private static IEnumerable<string> Damages(params InputDamage?[] damages) =>
        damages.OfType<InputDamage>().DistinctBy(damage => damage.Path, StringComparer.Ordinal).Select(damage => damage.Notice);

    /// <summary>What is in the video, which may be a picture; refuses options that it does not go with.</summary>
    private static async Task<MediaInfo> ProbeSourceAsync(LipSyncRequest request, CancellationToken cancellationToken)
    {
        var source = (await MediaProbe.ProbePicturesAsync(request.Video, cancellationToken).ConfigureAwait(false)).WithVideoTrack(request.Options.VideoTrack);
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

    private async Task<((FrameAudio Audio, QuietSpans? Quiet, FrameSchedule Schedule) Heard, InputDamage? Damage)> ReadSoundAsync(
        MediaTools tools, MediaInfo sound, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Audio);
        var options = request.Options;
        var (samples, damage) = await AudioReader.ReadAsync(tools, sound, cancellationToken).ConfigureAwait(false);
        if (options.Strict && damage is not null)
        {
            throw damage.Error;
        }

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

        return (_stages.Hear(samples.AsSpan((int)start), samples.Length - start, AudioReader.SampleRate, cancellationToken), damage);
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
                ? new SoundUnder(source, level, PassTicks(shown), clock.TicksPerSecond, options.Loop != LipSyncLoop.Freeze)
                : null,
        };
    }

    private static long? PassTicks(ScheduledFrames shown) => shown.Source is { } times && times.Duration < shown.Duration ? times.Duration : null;

    /// <summary>What the result depends on, but for the contents of the inputs.</summary>
    private JobDescription Describe(string ffmpeg) => new()
    {
        Output = Path.GetFullPath(request.Output),
        Options = RequestOptions.Of(request, _settings.EngineOptions),
        Facts = new Dictionary<string, string>(_settings.Facts, StringComparer.Ordinal)
        {
            ["version of latentsync"] = typeof(LipSyncJob).Assembly.GetName().Version?.ToString() ?? string.Empty,
            ["version of ffmpeg"] = ffmpeg,
            ["length of parts"] = _settings.SegmentDuration.ToString("c", CultureInfo.InvariantCulture),
        },
        Inputs = new Dictionary<string, string>(StringComparer.Ordinal),
    };

    private async Task CompleteAsync(VideoWriter writer, SoundEdit edit, LastFrame last, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Encode);
        await writer.CompleteAsync(edit, last, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The frame rate of the result, null for the video's own times, and the clock of its times.</summary>
    private static (FrameRate? Rate, FrameClock Clock) Times(LipSyncRequest request, VideoStreamInfo video)
    {
        var chosen = request.Options.Parity ? FrameRate.Model : request.Options.FrameRate;
        return chosen is null && video.SourceClock is { } source ? (null, source) : (chosen ?? FrameRate.Model, FrameClock.Of(chosen ?? FrameRate.Model));
    }

    /// <summary>
    /// Where no mouth was painted and every frame of the video is shown once, in order, its pictures need not be encoded
    /// again; unless the user asks for an encoding.
    /// </summary>
    private async Task<bool> TryCopyAsync(VideoWriter writer, MediaInfo source, ScheduledFrames shown, SoundEdit edit, CancellationToken cancellationToken)
    {
        if (shown.Duration > (shown.Source?.Duration ?? long.MaxValue) || request.Options.Encoding != new VideoEncoding())
        {
            return false;
        }

        using var measurement = times.Measure(LipSyncWork.Encode);
        return await writer.TryCompleteWithSourceAsync(source, isCut: shown.Source is null || shown.Duration < shown.Source.Duration, edit, shown.Last, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How the result is written: as the source is stored, as far as the encoder can.</summary>
    internal static VideoWriteOptions WriteOptions(LipSyncRequest request, VideoStreamInfo video, FrameClock clock) => new()
    {
        Path = request.Output,
        Width = video.DisplayWidth,
        Height = video.DisplayHeight,
        Clock = clock,
        Color = video.ResultColor,
        SourceFormat = video.ResultFormat,
        ChromaLocation = video.StillDemuxer is null ? video.ChromaLocation : null,
        Encoding = request.Options.Encoding,
        SampleAspectRatio = video.SampleAspectRatio,
        SoundPath = request.Audio,
        SoundTrack = request.Options.AudioTrack,
        InputPaths = [request.Video],
        Overwrite = request.Overwrite,
    };

    /// <summary>Shows the frames on their way to the writer; null if nobody wants to see them.</summary>
    private PreviewWriter? Preview(VideoWriter writer) => request.Preview is { } show ? new PreviewWriter(writer, show, TimeProvider.System) : null;

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
