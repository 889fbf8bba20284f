using System.Threading.Channels;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline;

/// <summary>The first task of <see cref="FrameFlow"/>: decode, find, follow, align and crop.</summary>
internal sealed class FramePreparation(FrameFlowParts parts, ChannelWriter<AlignedFrame> aligned)
{
    private readonly FramesInWaiting _waiting = new(parts.Faces);

    // The model's frame that the frame before was painted with; null if it was not painted.
    private int? _painted;

    /// <summary>Prepares the whole video.</summary>
    /// <exception cref="LipSyncException">The video cannot be read or is empty, or a frame without the face is an error.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var read = 0;
        await foreach (var frame in parts.Source.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            using (parts.Times.Measure(LipSyncWork.Faces))
            {
                _waiting.Add(frame);
            }

            read++;
            await QueueReadyAsync(cancellationToken).ConfigureAwait(false);
        }

        if (read == 0)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, "The video has no frame that can be decoded; check that it plays.");
        }

        _waiting.End();
        await QueueReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask QueueReadyAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryTake(out var ready))
        {
            await aligned.WriteAsync(Align(ready), cancellationToken).ConfigureAwait(false);
            parts.FaceProgress.Advance();
        }
    }

    private AlignedFrame Align(PlannedFrame frame)
    {
        var (source, plan) = (frame.Source, frame.Plan);
        var modelFrame = Math.Min(parts.Clock.ModelFrame(source.Start), parts.Audio.FrameCount - 1);
        var isShared = !frame.StartsClip && _painted == modelFrame;
        _painted = plan.IsPainted ? modelFrame : null;
        if (!plan.IsPainted && parts.StrictAbout is not null)
        {
            throw Missing(source, plan, parts.StrictAbout);
        }

        RgbImage? face = null;
        if (plan.IsPainted && !isShared)
        {
            using var measurement = parts.Times.Measure(LipSyncWork.Faces);
            face = parts.FacePool.Rent();
            parts.Cropper.Crop(source.Image, plan.Alignment, face);
        }

        return new AlignedFrame(source.Image, face, plan, frame.StartsClip, source.Start, modelFrame);
    }

    private LipSyncException Missing(SourceFrame frame, FramePlan plan, string path)
    {
        var seconds = parts.Clock.Time(frame.Start).TotalSeconds;
        var what = plan.Fate == FrameFate.TurnedAway ? "is turned away" : "is missing";
        return new LipSyncException(
            LipSyncErrorCode.NoFace,
            Invariant($"The chosen face {what} at {seconds:0.00} s (frame {frame.Index}) of \"{path}\"; leave out --strict to keep such frames as they are, or cut them out."))
        {
            Path = path,
        };
    }
}
