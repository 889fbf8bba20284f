using System.Threading.Channels;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Flow;

/// <summary>The first task of <see cref="FrameFlow"/>: decode, find, follow, align and crop.</summary>
internal sealed class FramePreparation(FlowContext context, PreparationInputs inputs, ChannelWriter<AlignedFrame> aligned, QueueRoom room)
{
    private readonly FramesInWaiting _waiting = new(inputs.Timeline);

    // Who is painted in the frame before, by their places among the followed people, and with which of the model's frames.
    private int[] _painted = [];
    private int _modelFrame;

    private readonly FrameCounts _skipped = new();
    private int _taken;

    /// <summary>Prepares the whole video.</summary>
    /// <returns>What was done to the frames that an earlier run has finished.</returns>
    /// <exception cref="LipSyncException">The video cannot be read or is empty, or a frame without the face is an error.</exception>
    public async Task<FrameCounts> RunAsync(CancellationToken cancellationToken)
    {
        var read = 0;
        await foreach (var frame in inputs.Source.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            using (context.Times.Measure(LipSyncWork.Faces))
            {
                _waiting.Add(frame);
            }

            read++;
            await QueueReadyAsync(cancellationToken).ConfigureAwait(false);
        }

        if (read == 0)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, $"The video has no frame that can be decoded; check that it plays.");
        }

        _waiting.End();
        await QueueReadyAsync(cancellationToken).ConfigureAwait(false);
        return _skipped;
    }

    private async ValueTask QueueReadyAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryTake(out var ready))
        {
            if (_taken == 0)
            {
                inputs.ShowFirst?.Invoke(ready.Source.Image);
            }

            if (_taken++ < inputs.FinishedFrames)
            {
                Skip(ready);
            }
            else
            {
                await room.WaitAsync(cancellationToken).ConfigureAwait(false);
                await aligned.WriteAsync(Align(ready), cancellationToken).ConfigureAwait(false);
            }

            context.Progress.Faces.Advance();
        }
    }

    private AlignedFrame Align(PlannedFrame frame)
    {
        var (source, modelFrame) = (frame.Source, ModelFrame(frame.Source));
        var plan = Quieten(frame.Plan, modelFrame);
        if (plan.Fate is FrameFate.NoFace or FrameFate.TurnedAway && inputs.StrictAbout is not null)
        {
            throw Missing(source, plan.Fate, inputs.StrictAbout);
        }

        var before = (_painted, _modelFrame);
        Remember(plan, modelFrame);
        var startsClip = frame.StartsClip || !_painted.AsSpan().SequenceEqual(before._painted);
        FacePlan[] faces = [.. _painted.Select(person => plan.Faces[person])];
        RgbImage[] crops = startsClip || modelFrame != before._modelFrame ? Array.ConvertAll(faces, face => Crop(source.Image, face)) : [];
        return new AlignedFrame(source.Image, plan.Fate, faces, crops, startsClip, source.Start, modelFrame);
    }

    private RgbImage Crop(RgbImage frame, FacePlan face)
    {
        using var measurement = context.Times.Measure(LipSyncWork.Faces);
        var crop = context.Pools.Faces.Rent();
        inputs.Cropper.Crop(frame, face.Alignment, crop);
        return crop;
    }

    private void Skip(PlannedFrame frame)
    {
        var modelFrame = ModelFrame(frame.Source);
        var plan = Quieten(frame.Plan, modelFrame);
        Remember(plan, modelFrame);
        _skipped.Add(plan.Fate);
        context.Pools.Frames.Return(frame.Source.Image);
        context.Progress.Output.Advance();
    }

    private void Remember(FramePlan plan, int modelFrame)
    {
        _painted = [.. plan.Faces.Index().Where(face => face.Item.IsPainted).Select(face => face.Index)];
        _modelFrame = modelFrame;
    }

    private int ModelFrame(SourceFrame frame) => Math.Min(context.Clock.ModelFrame(frame.Start), inputs.ModelFrames - 1);

    /// <summary>What is done to a frame where pauses of the sound count too.</summary>
    private FramePlan Quieten(FramePlan plan, int modelFrame)
    {
        var weight = inputs.Quiet?.Weight(modelFrame) ?? 1;
        return weight == 1 ? plan : plan with { Faces = [.. plan.Faces.Select(Quieten)] };

        FacePlan Quieten(FacePlan face) =>
            !face.IsPainted ? face
            : weight == 0 ? face with { Fate = FrameFate.Quiet }
            : face with { Weight = face.Weight * weight };
    }

    private LipSyncException Missing(SourceFrame frame, FrameFate fate, string path)
    {
        var time = context.Clock.Time(frame.Start).TotalSeconds;
        var what = fate == FrameFate.TurnedAway ? (FormattableString)$"is turned away" : $"is missing";
        var strict = new OptionReference(nameof(LipSyncOptions.Strict));
        return new LipSyncException(
            LipSyncErrorCode.NoFace,
            $"The chosen face {what} at {time:0.00} s (frame {frame.Index}) of \"{path}\"; leave out {strict} to keep such frames as they are, or cut them out."
        )
        {
            Path = path,
        };
    }
}
