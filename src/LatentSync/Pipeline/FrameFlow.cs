using System.Threading.Channels;
using LatentSync.Faces.Tracking;
using LatentSync.Media;
using LatentSync.Tensors;

namespace LatentSync.Pipeline;

/// <summary>
/// The way of the frames: decode and align in one task; generate, restore and write in another. Between them lies a
/// bounded queue of one clip, so that the next clip is prepared while this one is denoised, and memory stays the same
/// however long the video is.
/// </summary>
internal sealed class FrameFlow(FrameFlowParts parts)
{
    /// <summary>Runs the whole video.</summary>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <returns>What was done to the frames.</returns>
    public async Task<FrameCounts> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = Channel.CreateBounded<AlignedFrame>(new BoundedChannelOptions(parts.ClipLength) { SingleReader = true, SingleWriter = true });
        var producer = Task.Run(() => ProduceAsync(queue.Writer, stop.Token), CancellationToken.None);
        try
        {
            var counts = await ConsumeAsync(queue.Reader, stop.Token).ConfigureAwait(false);
            await producer.ConfigureAwait(false);
            return counts;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);

            // Its failure, if any, has already come through the queue.
            await producer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProduceAsync(ChannelWriter<AlignedFrame> queue, CancellationToken cancellationToken)
    {
        try
        {
            var (read, waiting) = (0, new FramesInWaiting(parts.Faces));
            await foreach (var frame in parts.Source.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                using (parts.Times.Measure(LipSyncWork.Faces))
                {
                    waiting.Add(frame);
                }

                read++;
                await QueueReadyAsync().ConfigureAwait(false);
            }

            waiting.End();
            await QueueReadyAsync().ConfigureAwait(false);
            queue.Complete(read > 0 ? null : NoFrames());

            async ValueTask QueueReadyAsync()
            {
                while (waiting.TryTake(out var ready))
                {
                    await queue.WriteAsync(Align(ready), cancellationToken).ConfigureAwait(false);
                    parts.FaceProgress.Advance();
                }
            }
        }
        catch (Exception error)
        {
            queue.Complete(error);
            throw;
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

    private async Task<FrameCounts> ConsumeAsync(ChannelReader<AlignedFrame> queue, CancellationToken cancellationToken)
    {
        var (clip, written, counts) = (new List<AlignedFrame>(parts.ClipLength), 0, new FrameCounts());
        await foreach (var frame in queue.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            counts.Add(frame.Plan.Fate);

            // The model looks across the frames of a clip: a clip never spans a cut or a frame without a face.
            if (frame.StartsClip || frame.Face is null)
            {
                await FinishClipAsync().ConfigureAwait(false);
            }

            if (frame.Face is not null)
            {
                clip.Add(frame);
                if (clip.Count == parts.ClipLength)
                {
                    await FinishClipAsync().ConfigureAwait(false);
                }

                continue;
            }

            await WriteAsync(frame, cancellationToken).ConfigureAwait(false);
            parts.DiffusionProgress.Advance(parts.StepsPerFrame);
            written++;
        }

        await FinishClipAsync().ConfigureAwait(false);
        return counts;

        async Task FinishClipAsync()
        {
            await SyncAsync(clip, written, cancellationToken).ConfigureAwait(false);
            written += clip.Count;
            clip.Clear();
        }
    }

    private async Task SyncAsync(List<AlignedFrame> clip, int firstFrame, CancellationToken cancellationToken)
    {
        // Above the network's position table a clip runs as several equal ones.
        var longest = parts.Generator.LongestClip;
        var count = (clip.Count / longest) + (clip.Count % longest > 0 ? 1 : 0);
        for (var part = 0; part < count; part++)
        {
            var (start, end) = (part * clip.Count / count, (part + 1) * clip.Count / count);
            var frames = clip[start..end];
            var audio = Audio(firstFrame + start, frames.Count);
            var generated = parts.Generator.Generate(
                [.. frames.Select(frame => frame.Face!)],
                firstFrame + start,
                audio,
                () => parts.DiffusionProgress.Advance(frames.Count),
                cancellationToken);
            for (var i = 0; i < frames.Count; i++)
            {
                using (parts.Times.Measure(LipSyncWork.Restore))
                {
                    parts.Restorer.Restore(frames[i].Image, frames[i].Plan.Alignment, generated.Row(i), frames[i].Plan.Weight);
                }

                await WriteAsync(frames[i], cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Tensor Audio(int firstFrame, int frames)
    {
        using var measurement = parts.Times.Measure(LipSyncWork.Audio);
        var tokens = new Tensor(frames, parts.Audio.TokenCount, parts.Audio.Width);
        for (var i = 0; i < frames; i++)
        {
            parts.Audio.CopyFrame(firstFrame + i, tokens.Row(i));
        }

        return tokens;
    }

    private async ValueTask WriteAsync(AlignedFrame frame, CancellationToken cancellationToken)
    {
        using var measurement = parts.Times.Measure(LipSyncWork.Encode);
        await parts.Writer.WriteAsync(frame.Image, cancellationToken).ConfigureAwait(false);
        parts.Pool.Return(frame.Image);
        if (frame.Face is not null)
        {
            parts.FacePool.Return(frame.Face);
        }

        parts.OutputProgress.Advance();
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

    private static LipSyncException NoFrames() => new(
        LipSyncErrorCode.InvalidInput, "The video has no frame that can be decoded; check that it plays.");
}
