using LatentSync.Imaging;
using LatentSync.Media.Write;

namespace LatentSync.Pipeline.FileJob;

/// <summary>Shows one frame a second, made small by leaving pixels out, on its way to another writer, which it does not own.</summary>
internal sealed class PreviewWriter(IFrameWriter writer, Action<LipSyncPreview> show, TimeProvider time) : IFrameWriter
{
    private const int LongestSide = 256;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _frames;
    private long? _last;

    /// <summary>Shows the first frame of the source, before the first of the result comes: that may take a while.</summary>
    public void ShowFirst(RgbImage frame) => show(Small(frame, index: 0));

    /// <inheritdoc/>
    public ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken)
    {
        Show(frame);
        return writer.WriteAsync(frame, start, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken)
    {
        Show(frame);
        return writer.PassAsync(frame, start, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask MayCutAsync(long start, CancellationToken cancellationToken) => writer.MayCutAsync(start, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Show(RgbImage frame)
    {
        var index = _frames++;
        if (_last is { } last && time.GetElapsedTime(last) < Interval)
        {
            return;
        }

        _last = time.GetTimestamp();
        show(Small(frame, index));
    }

    private static LipSyncPreview Small(RgbImage frame, int index)
    {
        var step = DivideUp(Math.Max(frame.Width, frame.Height), LongestSide);
        var (width, height) = (DivideUp(frame.Width, step), DivideUp(frame.Height, step));
        var small = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                frame.Row(y * step).Slice(x * step * RgbImage.Channels, RgbImage.Channels).CopyTo(small.Row(y)[(x * RgbImage.Channels)..]);
            }
        }

        return new LipSyncPreview(index, width, height, small.Pixels);
    }

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
