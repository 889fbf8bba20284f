using LatentSync.Imaging;
using LatentSync.Media.Write;

namespace LatentSync.Pipeline.Analysis;

/// <summary>Writes down in which parts the frames of a result would be written, instead of writing them.</summary>
/// <param name="length">How long a part is at least.</param>
/// <param name="look">Shown each frame with its number in the result.</param>
internal sealed class RecordingWriter(SegmentLength length, Action<RgbImage, int> look) : IFrameWriter
{
    private readonly List<(SegmentEntry Entry, int Painted)> _segments = [];
    private long? _start;
    private int _frames;
    private int _painted;
    private int _all;

    /// <summary>The parts, of which the last ends with the result.</summary>
    /// <param name="end">When the last frame ends, in ticks.</param>
    public IReadOnlyList<(SegmentEntry Entry, int Painted)> Finish(long end)
    {
        if (_start is { } start)
        {
            End(start, end);
        }

        return _segments;
    }

    /// <inheritdoc/>
    public ValueTask MayCutAsync(long start, CancellationToken cancellationToken)
    {
        if (_start is { } first && length.IsReached(first, start))
        {
            End(first, start);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken)
    {
        _painted++;
        return PassAsync(frame, start, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken)
    {
        _start ??= start;
        _frames++;
        look(frame, _all++);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void End(long start, long end)
    {
        _segments.Add((new SegmentEntry(_frames, start, end), _painted));
        (_start, _frames, _painted) = (null, 0, 0);
    }
}
