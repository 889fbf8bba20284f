using System.Runtime.CompilerServices;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Segments;

/// <summary>
/// Frames of a video in a recorded order, read from where they are: those that go forward as they come, those that go backward in
/// short pieces that are turned round, a frame that stands still once.
/// </summary>
/// <param name="video">Decodes the video.</param>
/// <param name="pool">Where its frames come from; the reader of the sequence gives them back.</param>
/// <param name="pieceLength">Frames held at once where the video runs backward.</param>
/// <param name="times">When the video shows its frames.</param>
/// <param name="order">The frames; at least one.</param>
/// <param name="isDamaged">What a damaged video shows depends on where decoding began; forward it begins at the start, as the whole job does.</param>
internal sealed class RecordedFrames(
    VideoFrames video,
    FramePool pool,
    int pieceLength,
    FrameTimes times,
    IReadOnlyList<FrameMoment> order,
    bool isDamaged = false
) : IFrameSequence
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var first = 0; first < order.Count; )
        {
            var step = Step(first);
            var length = Length(first, step);
            var frames =
                step > 0 ? ForwardAsync(first, length, cancellationToken)
                : step < 0 ? BackwardAsync(first, length, cancellationToken)
                : StandAsync(first, length, cancellationToken);
            await foreach (var frame in frames.ConfigureAwait(false))
            {
                yield return frame;
            }

            first += length;
        }
    }

    /// <summary>From one frame of the video to the next: 1, -1, or 0 for the same once more.</summary>
    private int Step(int first) => first + 1 < order.Count && order[first + 1].Source - order[first].Source is var step and >= -1 and <= 1 ? step : 1;

    private int Length(int first, int step)
    {
        var length = 1;
        while (first + length < order.Count && order[first + length].Source - order[first + length - 1].Source == step)
        {
            length++;
        }

        return length;
    }

    private async IAsyncEnumerable<SourceFrame> ForwardAsync(int first, int length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = 0;
        await foreach (var frame in video.DecodeAsync(order[first].Source, length, times, cancellationToken, isDamaged).ConfigureAwait(false))
        {
            yield return frame with
            {
                Start = order[first + read++].Start,
            };
        }

        RequireFrames(first, length, read);
    }

    private async IAsyncEnumerable<SourceFrame> BackwardAsync(int first, int length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var piece = new Stack<SourceFrame>(Math.Min(pieceLength, length));
        for (var done = 0; done < length; )
        {
            var count = Math.Min(pieceLength, length - done);
            await foreach (var frame in video.DecodeAsync(order[first + done + count - 1].Source, count, times, cancellationToken).ConfigureAwait(false))
            {
                piece.Push(frame);
            }

            RequireFrames(first + done, count, piece.Count);
            while (piece.TryPop(out var frame))
            {
                yield return frame with
                {
                    Start = order[first + done++].Start,
                };
            }
        }
    }

    private async IAsyncEnumerable<SourceFrame> StandAsync(int first, int length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = 0;
        await foreach (var picture in video.DecodeAsync(order[first].Source, limit: 1, times, cancellationToken).ConfigureAwait(false))
        {
            read = 1;
            for (var i = 0; i < length; i++)
            {
                yield return video.Copy(picture, order[first + i].Start);
            }

            pool.Return(picture.Image);
        }

        RequireFrames(first, 1, read);
    }

    /// <summary>A video that ends earlier than before is another one.</summary>
    private void RequireFrames(int first, int wanted, int read)
    {
        if (read < wanted)
        {
            VideoFrames.RequireSameLength(times.Count, Math.Min(order[first].Source, order[first + wanted - 1].Source) + read);
        }
    }
}
