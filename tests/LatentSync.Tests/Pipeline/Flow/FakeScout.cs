using System.Collections.Concurrent;
using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>Keeps which frames it looked at, and that it looks at one at a time and at none after its end.</summary>
/// <param name="look">Called with the value of each frame.</param>
internal sealed class FakeScout(Action<int> look) : IFaceScout
{
    private int _isLooking;

    public ConcurrentQueue<int> Seen { get; } = [];

    public bool IsDisposed { get; private set; }

    public void Look(RgbImage frame)
    {
        Assert.False(IsDisposed);
        Assert.Equal(0, Interlocked.Exchange(ref _isLooking, 1));
        Seen.Enqueue(frame.Pixels[0]);
        try
        {
            look(frame.Pixels[0]);
        }
        finally
        {
            Interlocked.Exchange(ref _isLooking, 0);
        }
    }

    public void Dispose()
    {
        Assert.Equal(0, _isLooking);
        IsDisposed = true;
    }
}
