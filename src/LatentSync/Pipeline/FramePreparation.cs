using System.Threading.Channels;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline;

/// <summary>The first task of <see cref="FrameFlow"/>: decode, find, follow, align and crop.</summary>
internal sealed class FramePreparation(FrameFlowParts parts, ChannelWriter<AlignedFrame> aligned, QueueRoom room)
{
    private readonly FramesInWaiting _waiting = new(parts.Faces);

    // The model's frame that the frame before was painted with; null if it was not painted.
    private int? _painted;

    private readonly FrameCounts _skipped = new();
    private int _taken;

    /// <summary>Prepares the whole video.</summary>
    /// <returns>What was done to the frames that an earlier run has finished.</returns>
    /// <exception cref="LipSyncException">The video cannot be read or is empty, or a frame without the face is an error.</exception>
    public async Task<FrameCounts> RunAsync(CancellationToken cancellationToken)
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
        return _skipped;
    }

    private async ValueTask QueueReadyAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryTake(out var ready))
        {
            if (_taken++ < parts.FinishedFrames)
            {
                Skip(ready);
            }
            else
            {
                await room.WaitAsync(cancellationToken).ConfigureAwait(false);
                await aligned.WriteAsync(Align(ready), cancellationToken).ConfigureAwait(false);
            }

            parts.FaceProgress.Advance();
        }
    }

    private AlignedFrame Align(PlannedFrame frame)
    {
        var source = frame.Source;
        var (plan, modelFrame) = Decide(frame);
        var isShared = !frame.StartsClip && _painted == modelFrame;
        _painted = plan.IsPainted ? modelFrame : null;
        if (plan.Fate is FrameFate.NoFace or FrameFate.TurnedAway && parts.StrictAbout is not null)
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

    private void Skip(PlannedFrame frame)
    {
        var (plan, modelFrame) = Decide(frame);
        _painted = plan.IsPainted ? modelFrame : null;
        _skipped.Add(plan.Fate);
        parts.Pool.Return(frame.Source.Image);
        parts.OutputProgress.Advance();
    }

    /// <summary>What is done to a frame where pauses of the sound count too, and which of the model's frames it shows.</summary>
    private (FramePlan Plan, int ModelFrame) Decide(PlannedFrame frame)
    {
        var (plan, modelFrame) = (frame.Plan, Math.Min(parts.Clock.ModelFrame(frame.Source.Start), parts.Audio.FrameCount - 1));
        var weight = plan.IsPainted ? parts.Quiet?.Weight(modelFrame) ?? 1 : 1;
        return (weight == 0 ? plan with { Fate = FrameFate.Quiet } : plan with { Weight = plan.Weight * weight }, modelFrame);
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
