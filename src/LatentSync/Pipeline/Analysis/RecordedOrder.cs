using System.Runtime.CompilerServices;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Pipeline.Segments;

namespace LatentSync.Pipeline.Analysis;

/// <summary>Writes down which frames come out of a sequence.</summary>
internal sealed class RecordedOrder(IFrameSequence frames) : IFrameSequence
{
    private readonly List<FrameMoment> _order = [];
    private readonly Lock _gate = new();

    /// <summary>The frames so far.</summary>
    public IReadOnlyList<FrameMoment> Frames => _order;

    /// <summary>A frame that came out, while others may still come.</summary>
    public FrameMoment At(int frame)
    {
        lock (_gate)
        {
            return _order[frame];
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            lock (_gate)
            {
                _order.Add(new FrameMoment(frame.Index, frame.Start));
            }

            yield return frame;
        }
    }
}
