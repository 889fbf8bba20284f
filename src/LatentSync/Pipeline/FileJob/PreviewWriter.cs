using LatentSync.Imaging;
using LatentSync.Media.Write;

namespace LatentSync.Pipeline.FileJob;

/// <summary>Shows one frame a second, made small by leaving pixels out, on its way to another writer, which it does not own.</summary>
/// <param name="writer">The other writer.</param>
/// <param name="show">Given what is shown.</param>
/// <param name="time">The clock.</param>
/// <param name="first">Number of the first frame in the result.</param>
internal sealed class PreviewWriter(IFrameWriter writer, Action<LipSyncPreview> show, TimeProvider time, int first = 0) : IFrameWriter
{
    private const int LongestSide = 256;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _frames = first;
    private long? _last;

    /// <summary>Shows the first frame of the source, before the first of the result comes: that may take a while.</summary>
    public void ShowFirst(RgbImage frame) => show(Of(frame, index: 0));

    /// <summary>A frame made small.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="index">Its number in the result.</param>
    public static LipSyncPreview Of(RgbImage frame, int index)
    {
        var small = SmallPicture.Of(frame, LongestSide);
        return new LipSyncPreview(index, small.Width, small.Height, small.Pixels);
    }

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
        show(Of(frame, index));
    }
}
