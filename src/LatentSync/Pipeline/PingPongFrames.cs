using System.Runtime.CompilerServices;
using LatentSync.Media;

namespace LatentSync.Pipeline;

/// <summary>
/// The frames of a video without end: forward, backward, forward ... Each pass is the whole video, so the frame at a
/// turn comes twice. A backward pass decodes short segments and turns each round, so that memory does not grow with the
/// length of the video.
/// </summary>
/// <param name="open">Opens the video at a frame; the second number limits how many frames are read.</param>
/// <param name="pool">Where frames come from; the reader of the sequence gives them back.</param>
/// <param name="segmentLength">Frames held at once on a backward pass.</param>
internal sealed class PingPongFrames(Func<int, int?, CancellationToken, Task<IFrameReader>> open, FramePool pool, int segmentLength)
{
    /// <summary>Yields frames until the caller stops; ends by itself only if the video has no frame at all.</summary>
    public async IAsyncEnumerable<SourceFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = 0;
        for (var pass = 0; pass == 0 || count > 0; pass++)
        {
            if (pass % 2 == 0)
            {
                var index = 0;
                await foreach (var frame in ForwardAsync(0, limit: null, cancellationToken).ConfigureAwait(false))
                {
                    yield return frame;
                    index++;
                }

                count = RequireSameLength(pass, count, index);
            }
            else
            {
                await foreach (var frame in BackwardAsync(count, cancellationToken).ConfigureAwait(false))
                {
                    yield return frame;
                }
            }
        }
    }

    private static int RequireSameLength(int pass, int known, int read) => pass == 0 || known == read
        ? read
        : throw new LipSyncException(
            LipSyncErrorCode.InvalidInput,
            Invariant($"The video had {known} frames when it was first read and {read} the next time; make sure that nothing changes the file meanwhile."));

    private async IAsyncEnumerable<SourceFrame> BackwardAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var segment = new Stack<SourceFrame>(segmentLength);
        for (var end = count; end > 0; end -= segmentLength)
        {
            var start = Math.Max(0, end - segmentLength);
            await foreach (var frame in ForwardAsync(start, end - start, cancellationToken).ConfigureAwait(false))
            {
                segment.Push(frame);
            }

            RequireSameLength(1, end - start, segment.Count);
            while (segment.TryPop(out var frame))
            {
                yield return frame;
            }
        }
    }

    private async IAsyncEnumerable<SourceFrame> ForwardAsync(int start, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = await open(start, limit, cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        for (var index = start; ; index++)
        {
            var image = pool.Rent();
            if (!await reader.ReadAsync(image, cancellationToken).ConfigureAwait(false))
            {
                pool.Return(image);
                yield break;
            }

            yield return new SourceFrame(index, image);
        }
    }
}
