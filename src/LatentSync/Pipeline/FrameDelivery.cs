using LatentSync.Imaging;
using LatentSync.Media;

namespace LatentSync.Pipeline;

/// <summary>Hands the frames of a result to whoever asked for them.</summary>
internal sealed class FrameDelivery(LipSyncFramesRequest request, FrameSchedule schedule) : IFrameWriter
{
    private int _frames;

    /// <inheritdoc/>
    public ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken) => HandOnAsync(frame, isPainted: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken) => HandOnAsync(frame, isPainted: false, cancellationToken);

    /// <summary>Nothing: there is no file to cut.</summary>
    public ValueTask MayCutAsync(long start, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask HandOnAsync(RgbImage frame, bool isPainted, CancellationToken cancellationToken)
    {
        var index = _frames++;
        return request.Write(new LipSyncFrame(index, schedule.SourceFrame(index, request.Times), isPainted, frame.Pixels), cancellationToken);
    }
}
