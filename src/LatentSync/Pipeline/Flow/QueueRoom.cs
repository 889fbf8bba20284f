using System.Threading.Channels;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Flow;

/// <summary>
/// The room that the two queues of a flow share: while frames wait to be written, as many fewer wait to be painted. So a
/// writer that stalls costs no more memory than networks that are slow, and the most memory of a job is the same whatever
/// happens during it. Frames between the queues do not count, and nothing but new frames is held up, so the flow cannot lock.
/// </summary>
/// <param name="aligned">Before the networks.</param>
/// <param name="generated">Behind them.</param>
/// <param name="frames">How many frames both may hold when one comes in.</param>
internal sealed class QueueRoom(ChannelReader<AlignedFrame> aligned, ChannelReader<GeneratedFrame> generated, int frames)
{
    // Holds one sign that a frame was taken since the last look.
    private readonly Channel<bool> _taken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A frame was taken out of one of the queues.</summary>
    public void Taken() => _taken.Writer.TryWrite(true);

    /// <summary>Waits until another frame may come in.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (generated.Count is > 0 and var waiting && waiting + aligned.Count >= frames)
        {
            await _taken.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
