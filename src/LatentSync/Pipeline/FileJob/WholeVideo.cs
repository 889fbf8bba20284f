using LatentSync.Media.Formats;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;

namespace LatentSync.Pipeline.FileJob;

/// <summary>The video of a job from its first to its last frame, in the order of the result.</summary>
internal sealed class WholeVideo
{
    // What a backward pass over the video may hold, and in how many frames at the least and the most.
    private const int BackwardBytes = 256 << 20;
    private const int FewestBackwardFrames = 4;
    private const int MostBackwardFrames = 50;

    private readonly bool _isStrict;

    /// <summary>Opens nothing yet.</summary>
    public WholeVideo(LipSyncRequest request, JobInputs inputs, HeardSound heard, WorkTimes times)
    {
        _isStrict = request.Options.Strict;
        Pool = PoolOf(inputs.Video);
        Source = new SourceVideo(inputs.Source, inputs.Rate, inputs.Clock, times, _isStrict, request.Options.VideoStart);
        Frames = new ScheduledFrames(Source.OpenAsync, Pool, BackwardFrames(inputs.Video), heard.Schedule, inputs.Clock);
    }

    /// <summary>Where its frames come from and go back to.</summary>
    public FramePool Pool { get; }

    /// <summary>The file.</summary>
    public SourceVideo Source { get; }

    /// <summary>Its frames in the order of the result.</summary>
    public ScheduledFrames Frames { get; }

    /// <summary>Frames of a video's size.</summary>
    public static FramePool PoolOf(VideoStreamInfo video) => new(video.DisplayWidth, video.DisplayHeight);

    /// <summary>Frames that are held at once while a video runs backward.</summary>
    public static int BackwardFrames(VideoStreamInfo video) =>
        Math.Clamp(BackwardBytes / (video.DisplayWidth * video.DisplayHeight * 3), FewestBackwardFrames, MostBackwardFrames);

    /// <summary>Lets the frames flow. A damaged video that has to be whole is told before a frame without a face: it may be why there is none.</summary>
    public async Task<FrameCounts> RunAsync(FrameFlow flow, CancellationToken cancellationToken)
    {
        try
        {
            var counts = await flow.RunAsync(cancellationToken).ConfigureAwait(false);
            return _isStrict && Source.Damage is { } damage ? throw damage.Error : counts;
        }
        catch (LipSyncException error) when (_isStrict && error.Code == LipSyncErrorCode.NoFace)
        {
            await Source.RequireWholeAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }
}
