using LatentSync.Imaging;
using LatentSync.Media;

namespace LatentSync.Pipeline;

/// <summary>Hands the frames of a result to whoever asked for them.</summary>
internal sealed class FrameDelivery(LipSyncFramesRequest request, FrameSchedule schedule) : IFrameWriter
{
    /// <summary>Frames handed on.</summary>
    public int Frames { get; private set; }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken)
    {
        await request.Write(
            new LipSyncFrame(Frames, schedule.SourceFrame(Frames, request.Frames), IsPainted: true, frame.Pixels), cancellationToken).ConfigureAwait(false);
        Frames++;
    }

    /// <inheritdoc/>
    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
