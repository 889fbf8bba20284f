using LatentSync.Imaging;
using LatentSync.Media.Write;
using LatentSync.Restoration;

namespace LatentSync.Pipeline.FramesJob;

/// <summary>Hands the frames of a result to whoever asked for them.</summary>
/// <param name="request">Whose frames they are.</param>
/// <param name="schedule">Which frame of the source each shows.</param>
/// <param name="mask">Where the frame at hand is painted; null if nobody wants to know.</param>
internal sealed class FrameDelivery(LipSyncFramesRequest request, FrameSchedule schedule, PaintedMask? mask) : IFrameWriter
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

    private async ValueTask HandOnAsync(RgbImage frame, bool isPainted, CancellationToken cancellationToken)
    {
        var index = _frames++;
        var handed = new LipSyncFrame(index, schedule.SourceFrame(index, request.Times), isPainted, frame.Pixels) { Mask = isPainted ? Mask() : null };
        await request.Write!(handed, cancellationToken).ConfigureAwait(false);
        mask?.Clear();
    }

    private LipSyncMask? Mask() => mask is { Bounds: var bounds } ? new LipSyncMask(bounds.Left, bounds.Top, bounds.Width, bounds.Height, mask.Region()) : null;
}
