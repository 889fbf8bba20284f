using LatentSync.Imaging;
using LatentSync.Media.Sound;
using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.TestKit;

/// <summary>A writer's frames one after the other, at the rate of a clock.</summary>
internal static class WriterExtensions
{
    /// <summary>Writes the next frame.</summary>
    public static ValueTask WriteAsync(this VideoWriter writer, RgbImage frame, CancellationToken cancellationToken, FrameClock? clock = null) =>
        writer.WriteAsync(frame, writer.FramesWritten * Step(clock ?? FrameClock.Model), cancellationToken);

    /// <summary>Ends the video after the last frame.</summary>
    public static Task CompleteAsync(this VideoWriter writer, CancellationToken cancellationToken, FrameClock? clock = null)
    {
        var step = Step(clock ?? FrameClock.Model);
        return writer.CompleteAsync(SoundEdit.None, new LastFrame((writer.FramesWritten - 1) * step, writer.FramesWritten * step), cancellationToken);
    }

    private static long Step(FrameClock clock) => (long)Math.Round(clock.TicksPerSecond / clock.FramesPerSecond);
}
