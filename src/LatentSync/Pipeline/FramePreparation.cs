using System.Threading.Channels;
using LatentSync.Faces.Tracking;
using LatentSync.Media;

namespace LatentSync.Pipeline;

/// <summary>The first task of <see cref="FrameFlow"/>: decode, find, follow, align and crop.</summary>
internal sealed class FramePreparation(FrameFlowParts parts, ChannelWriter<AlignedFrame> aligned)
{
    private readonly FramesInWaiting _waiting = new(parts.Faces);

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
        if (!plan.IsPainted)
        {
            return parts.StrictAbout is null ? new AlignedFrame(source.Image, Face: null, plan, frame.StartsClip) : throw Missing(source, plan, parts.StrictAbout);
        }

        using var measurement = parts.Times.Measure(LipSyncWork.Faces);
        var face = parts.FacePool.Rent();
        parts.Cropper.Crop(source.Image, plan.Alignment, face);
        return new AlignedFrame(source.Image, face, plan, frame.StartsClip);
    }

    private static LipSyncException Missing(SourceFrame frame, FramePlan plan, string path)
    {
        var seconds = frame.Index / VideoReadOptions.ModelFrameRate.Value;
        var what = plan.Fate == FrameFate.TurnedAway ? "is turned away" : "is missing";
        return new LipSyncException(
            LipSyncErrorCode.NoFace,
            Invariant($"The chosen face {what} at {seconds:0.00} s (frame {frame.Index}) of \"{path}\"; leave out --strict to keep such frames as they are, or cut them out."))
        {
            Path = path,
        };
    }
}
