using System.Runtime.CompilerServices;
using LatentSync.Media;

namespace LatentSync.Pipeline;

/// <summary>
/// The frames of a video in the order of a <see cref="FrameSchedule"/>, decoded as they come: their number need not be
/// known. A backward pass decodes short segments and turns each round, so that memory does not grow with the length of
/// the video.
/// </summary>
/// <param name="open">Opens the video at a frame; the second number limits how many frames are read.</param>
/// <param name="pool">Where frames come from; the reader of the sequence gives them back.</param>
/// <param name="segmentLength">Frames held at once on a backward pass.</param>
/// <param name="schedule">What comes after the last frame, and where the result ends.</param>
internal sealed class ScheduledFrames(
    Func<int, int?, CancellationToken, Task<IFrameReader>> open, FramePool pool, int segmentLength, FrameSchedule schedule) : IFrameSequence
{
    /// <summary>Frames of the video; null until its end was reached.</summary>
    public int? SourceFrames { get; private set; }

    /// <summary>Yields the frames of the result; none if the video has none.</summary>
    public async IAsyncEnumerable<SourceFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = schedule.FrameLimit ?? int.MaxValue;
        await foreach (var frame in (schedule.Loop == LipSyncLoop.Freeze && schedule.FrameLimit is not null
            ? FreezeAsync(cancellationToken)
            : PassesAsync(cancellationToken)).ConfigureAwait(false))
        {
            yield return frame;
            if (--left == 0)
            {
                yield break;
            }
        }
    }

    private async IAsyncEnumerable<SourceFrame> PassesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var frame in ForwardAsync(0, limit: null, cancellationToken).ConfigureAwait(false))
        {
            yield return frame;
            count++;
        }

        SourceFrames = count;
        if (schedule.Length == LipSyncLength.Video || schedule.Loop == LipSyncLoop.Trim)
        {
            yield break;
        }

        for (var pass = 1; count > 0; pass++)
        {
            // Opening the file for every single frame would take far longer than keeping it.
            var frames = count == 1 ? FreezeAsync(cancellationToken)
                : pass % 2 == 1 && schedule.Loop == LipSyncLoop.PingPong ? BackwardAsync(count, cancellationToken)
                : ForwardAsync(0, limit: null, cancellationToken);
            var read = 0;
            await foreach (var frame in frames.ConfigureAwait(false))
            {
                yield return frame;
                read++;
            }

            RequireSameLength(count, read);
        }
    }

    private async IAsyncEnumerable<SourceFrame> FreezeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SourceFrame? last = null;
        await foreach (var frame in ForwardAsync(0, limit: null, cancellationToken).ConfigureAwait(false))
        {
            if (last is not null)
            {
                yield return last;
            }

            last = frame;
        }

        SourceFrames ??= last?.Index + 1;
        while (last is not null)
        {
            // The reader paints into what it gets.
            var copy = pool.Rent();
            last.Image.Pixels.CopyTo(copy.Pixels, 0);
            yield return new SourceFrame(last.Index, copy);
        }
    }

    private static void RequireSameLength(int known, int read)
    {
        if (known != read)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidInput,
                Invariant($"The video had {known} frames when it was first read and {read} the next time; make sure that nothing changes the file meanwhile."));
        }
    }

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

            RequireSameLength(end - start, segment.Count);
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
