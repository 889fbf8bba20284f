using LatentSync.Imaging;
using LatentSync.Media;

namespace LatentSync.Pipeline;

/// <summary>Hands the frames of a result to whoever asked for them.</summary>
internal sealed class FrameDelivery(LipSyncFramesRequest request, FrameSchedule schedule) : IFrameWriter
{
    /// <summary>Frames handed on.</summary>
    public int Frames { get; private set; }

    /// <inheritdoc/>
    public ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken) => HandOnAsync(frame, isPainted: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask PassAsync(RgbImage frame, CancellationToken cancellationToken) => HandOnAsync(frame, isPainted: false, cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask HandOnAsync(RgbImage frame, bool isPainted, CancellationToken cancellationToken)
    {
        var index = Frames++;
        return request.Write(new LipSyncFrame(index, schedule.SourceFrame(index, request.Frames), isPainted, frame.Pixels), cancellationToken);
    }
}
