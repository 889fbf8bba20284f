using LatentSync.Media.Formats;
using LatentSync.Media.Sound;
using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.FileJob;

/// <summary>How the result of a request is written: as the source is stored, as far as the encoder can.</summary>
internal sealed class OutputPlan(LipSyncRequest request, JobInputs inputs)
{
    /// <summary>How the pictures are encoded, and what the sound comes from.</summary>
    public VideoWriteOptions WriteOptions => Write(request, inputs.Video, inputs.Clock);

    /// <summary>How the pictures of a video are encoded.</summary>
    internal static VideoWriteOptions Write(LipSyncRequest request, VideoStreamInfo video, FrameClock clock) =>
        new()
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

    /// <summary>For the progress: what the header says of the video's length may be wrong or missing.</summary>
    public double ExpectedSeconds(FrameSchedule schedule)
    {
        var (video, sound) = (inputs.Video, (double)schedule.Samples / schedule.SampleRate);
        return (video.Duration?.TotalSeconds ?? (video.FrameCount / video.AverageFrameRate?.Value)) is { } shown and > 0
            ? (schedule.Length, schedule.Loop) switch
            {
                (LipSyncLength.Video, _) => Used(shown),
                (_, LipSyncLoop.Trim) => Math.Min(Used(shown), sound),
                _ => sound,
            }
            : sound;
    }

    /// <summary>What is done to the sound, once it is known which frames were shown.</summary>
    public SoundEdit Edit(FrameSchedule schedule, ShownFrames shown)
    {
        var (options, ticks) = (request.Options, inputs.Clock.TicksPerSecond);
        var isShorter = options.Timing.Length == LipSyncLength.Video && shown.Source is { } times && schedule.End(ticks) <= times[times.Count - 1];
        return new SoundEdit
        {
            Start = options.AudioStart,
            Length = options.AudioDuration,
            Delay = options.AudioDelay,
            FillsPictures = options.Timing.SilentPadding > 0 || isShorter,
            Under = options.MixLevel is { } level
                ? new SoundUnder(inputs.Source, level, options.VideoStart, PassTicks(shown), ticks, options.Timing.Loop != LipSyncLoop.Freeze)
                : null,
        };
    }

    /// <summary>
    /// Whether the pictures need not be encoded again where no mouth was painted: every frame of the video is shown once,
    /// in order, from the first on, and the user asks for no encoding.
    /// </summary>
    public bool CanCopy(ShownFrames shown) =>
        request.Options.VideoStart == 0
        && inputs.Rate is null
        && shown.Duration <= (shown.Source?.Duration ?? long.MaxValue)
        && request.Options.Encoding == new VideoEncoding();

    private double Used(double seconds) => Math.Max(0, seconds - request.Options.VideoStart);

    private static long? PassTicks(ShownFrames shown) => shown.Source is { } times && times.Duration < shown.Duration ? times.Duration : null;
}
