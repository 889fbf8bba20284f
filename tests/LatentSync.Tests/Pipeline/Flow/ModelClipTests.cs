using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Tests.Pipeline.Flow;

public class ModelClipTests
{
    private static readonly FacePlan Painted = new(FrameFate.Synced, StartsShot: false, Weight: 1, AffineTransform.Identity);

    /// <summary>Sparse frames: the model's frames between two of the result get the nearer face.</summary>
    [Fact]
    public void Holes_AreFilledWithTheNearestFace()
    {
        var clip = new ModelClip(16);
        var (a, b) = (Frame(4), Frame(7));
        Assert.True(clip.TryAdd(a));
        Assert.True(clip.TryAdd(b));
        Assert.Equal([a.Crops, a.Crops, b.Crops, b.Crops], clip.Faces);
        Assert.Equal([(a, 0), (b, 3)], clip.Frames);
        Assert.Equal(4, clip.FirstModelFrame);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(400)]
    public void AWideHole_EndsTheClip(int next)
    {
        var clip = new ModelClip(16);
        Assert.True(clip.TryAdd(Frame(4)));
        Assert.False(clip.TryAdd(Frame(next)));
        Assert.Single(clip.Faces);
    }

    [Fact]
    public void AHoleThatDoesNotFit_EndsTheClip()
    {
        var clip = new ModelClip(4);
        Assert.True(clip.TryAdd(Frame(0)));
        Assert.True(clip.TryAdd(Frame(2)));
        Assert.False(clip.TryAdd(Frame(4)));
        Assert.True(clip.TryAdd(Frame(3)));
        Assert.True(clip.IsFull);
    }

    [Fact]
    public void FramesWithoutAFaceOfTheirOwn_ShareTheOneBefore()
    {
        var clip = new ModelClip(4);
        Assert.True(clip.TryAdd(Frame(9)));
        Assert.True(clip.TryAdd(Frame(9) with { Crops = [] }));
        Assert.True(clip.TryAdd(Frame(10)));
        Assert.Equal([0, 0, 1], clip.Frames.Select(frame => frame.Row));
        Assert.Equal(2, clip.Faces.Count);
    }

    [Fact]
    public void AnyNumberOfFramesAtOnce_DoesNotMakeTheClipEndless()
    {
        var clip = new ModelClip(4);
        Assert.True(clip.TryAdd(Frame(9)));
        for (var i = 1; !clip.IsFull; i++)
        {
            Assert.InRange(i, 1, 31);
            Assert.True(clip.TryAdd(Frame(9) with { Crops = [] }));
        }

        Assert.Single(clip.Faces);
    }

    private static AlignedFrame Frame(int modelFrame) =>
        new(new RgbImage(1, 1), FrameFate.Synced, [Painted], [new RgbImage(1, 1)], StartsClip: false, modelFrame, modelFrame);
}
