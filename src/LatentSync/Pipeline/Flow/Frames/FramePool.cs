using System.Collections.Concurrent;
using LatentSync.Imaging;

namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>
/// Frames of one size that are used again, so that a long video does not allocate 6 MB a frame. Thread-safe. Its size
/// follows from how many frames are under way at once.
/// </summary>
internal sealed class FramePool(int width, int height)
{
    private readonly ConcurrentBag<RgbImage> _free = [];
    private int _created;

    /// <summary>Frames made so far.</summary>
    public int Created => _created;

    /// <summary>A frame with whatever pixels it last had.</summary>
    public RgbImage Rent()
    {
        if (_free.TryTake(out var frame))
        {
            return frame;
        }

        Interlocked.Increment(ref _created);
        return new RgbImage(width, height);
    }

    /// <summary>Gives a frame back; the caller must not touch it again.</summary>
    public void Return(RgbImage frame) => _free.Add(frame);
}
