using System.Threading.Channels;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Pipeline;

/// <summary>
/// The way of the frames: decode and align in one task; generate, restore and write in another. Between them lies a
/// bounded queue of one clip, so that the next clip is prepared while this one is denoised, and memory stays the same
/// however long the video is.
/// </summary>
internal sealed class FrameFlow(FrameFlowParts parts)
{
    private readonly List<AffineTransform?> _alignments = [];

    /// <summary>Runs the whole video.</summary>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <returns>Frames whose mouth was painted.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = Channel.CreateBounded<AlignedFrame>(new BoundedChannelOptions(parts.ClipLength) { SingleReader = true, SingleWriter = true });
        var producer = Task.Run(() => ProduceAsync(queue.Writer, stop.Token), CancellationToken.None);
        try
        {
            var synced = await ConsumeAsync(queue.Reader, stop.Token).ConfigureAwait(false);
            await producer.ConfigureAwait(false);
            return synced;
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
            var produced = 0;
            await foreach (var frame in parts.Source.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await queue.WriteAsync(Align(frame), cancellationToken).ConfigureAwait(false);
                parts.FaceProgress.Advance();
                produced++;
            }

            queue.Complete(produced > 0 ? null : NoFrames());
        }
        catch (Exception error)
        {
            queue.Complete(error);
            throw;
        }
    }

    /// <summary>A frame's alignment is computed once, on the first pass, so that the smoothing sees the video in its order.</summary>
    private AlignedFrame Align(SourceFrame frame)
    {
        using var measurement = parts.Times.Measure(LipSyncWork.Faces);
        if (frame.Index == _alignments.Count)
        {
            _alignments.Add(parts.Landmarker.Find(frame.Image) is { } landmarks
                ? parts.Aligner.TryAlign(landmarks.LeftBrow, landmarks.RightBrow, landmarks.Nose)
                : null);
        }

        if (_alignments[frame.Index] is not { } alignment)
        {
            return new AlignedFrame(frame.Image, Face: null, AffineTransform.Identity);
        }

        var face = parts.FacePool.Rent();
        parts.Cropper.Crop(frame.Image, alignment, face);
        return new AlignedFrame(frame.Image, face, alignment);
    }

    private async Task<int> ConsumeAsync(ChannelReader<AlignedFrame> queue, CancellationToken cancellationToken)
    {
        var (clip, written, synced) = (new List<AlignedFrame>(parts.ClipLength), 0, 0);
        await foreach (var frame in queue.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (frame.Face is not null)
            {
                clip.Add(frame);
                if (clip.Count == parts.ClipLength)
                {
                    await FinishClipAsync().ConfigureAwait(false);
                }

                continue;
            }

            // The model looks across the frames of a clip: a clip never spans a frame without a face.
            await FinishClipAsync().ConfigureAwait(false);
            await WriteAsync(frame, cancellationToken).ConfigureAwait(false);
            parts.DiffusionProgress.Advance(parts.StepsPerFrame);
            written++;
        }

        await FinishClipAsync().ConfigureAwait(false);
        return synced;

        async Task FinishClipAsync()
        {
            await SyncAsync(clip, written, cancellationToken).ConfigureAwait(false);
            written += clip.Count;
            synced += clip.Count;
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
                    parts.Restorer.Restore(frames[i].Image, frames[i].Alignment, generated.Row(i));
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

    private static LipSyncException NoFrames() => new(
        LipSyncErrorCode.InvalidInput, "The video has no frame that can be decoded; check that it plays.");
}
