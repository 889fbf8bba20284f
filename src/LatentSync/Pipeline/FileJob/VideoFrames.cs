using System.Runtime.CompilerServices;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.FileJob;

/// <summary>Decodes frames of a video into frames of a pool, from anywhere in it, and sees to it that it stays the same video.</summary>
/// <param name="open">Opens the video.</param>
/// <param name="pool">Where frames come from; who gets them gives them back.</param>
internal sealed class VideoFrames(OpenVideo open, FramePool pool)
{
    /// <summary>Frames one after the other, at the times of the video.</summary>
    /// <param name="start">Number of the first.</param>
    /// <param name="limit">The most frames; null for all.</param>
    /// <param name="times">When the video shows its frames, if that is known: those that come are the same.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="fromStart">The video is decoded from its start, whichever frame is the first.</param>
    /// <exception cref="LipSyncException">InvalidInput: they are others.</exception>
    public async IAsyncEnumerable<SourceFrame> DecodeAsync(
        int start,
        int? limit,
        FrameTimes? times,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        bool fromStart = false
    )
    {
        var reader = await open(start, fromStart ? null : times?[start], limit, cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        for (var index = start; ; index++)
        {
            var image = pool.Rent();
            if (!await reader.ReadAsync(image, cancellationToken).ConfigureAwait(false))
            {
                pool.Return(image);
                yield break;
            }

            if (times is not null && (index >= times.Count || times[index] != reader.Start))
            {
                throw Changed($"{times.Count} frames", $"another frame {index}");
            }

            yield return new SourceFrame(index, image, reader.Start);
        }
    }

    /// <summary>The same picture once more: whoever gets a frame may paint into it.</summary>
    public SourceFrame Copy(SourceFrame frame, long start)
    {
        var copy = pool.Rent();
        frame.Image.Pixels.CopyTo(copy.Pixels, 0);
        return new SourceFrame(frame.Index, copy, start);
    }

    /// <summary>Refuses a video that was longer or shorter before.</summary>
    /// <exception cref="LipSyncException">InvalidInput.</exception>
    public static void RequireSameLength(int known, int read)
    {
        if (known != read)
        {
            throw Changed($"{known} frames", $"{read}");
        }
    }

    private static LipSyncException Changed(FormattableString before, FormattableString now) =>
        new(
            LipSyncErrorCode.InvalidInput,
            $"The video had {before} when it was first read and {now} the next time; make sure that nothing changes the file meanwhile."
        );
}
