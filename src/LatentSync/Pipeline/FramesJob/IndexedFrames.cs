using System.Runtime.CompilerServices;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.FramesJob;

/// <summary>The frames of a source that gives any frame at any time, in the order of a <see cref="FrameSchedule"/>.</summary>
/// <param name="request">The source.</param>
/// <param name="pool">Where frames come from; the reader of the sequence gives them back.</param>
/// <param name="schedule">Which frame is shown when.</param>
internal sealed class IndexedFrames(LipSyncFramesRequest request, FramePool pool, FrameSchedule schedule) : IFrameSequence
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = request.Times;
        var count = schedule.FrameCount(source);
        for (var frame = 0; frame < count; frame++)
        {
            var (index, image) = (schedule.SourceFrame(frame, source), pool.Rent());
            await request.Read(index, image.Pixels, cancellationToken).ConfigureAwait(false);
            yield return new SourceFrame(index, image, schedule.Start(frame, source));
        }
    }
}
