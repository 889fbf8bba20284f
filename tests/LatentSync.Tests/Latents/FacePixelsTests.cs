using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Tensors;

namespace LatentSync.Tests.Latents;

public class FacePixelsTests
{
    [Fact]
    public void FromImages_PutsColoursIntoPlanes_FromMinusOneToOne()
    {
        var face = new RgbImage(2, 1, [0, 255, 51, 102, 0, 255]);
        var pixels = FacePixels.FromImages([face, face], new TensorBuffer());
        Assert.Equal([2, 3, 1, 2], pixels.Shape);
        float[] expected = [-1, (102 / 255f * 2) - 1, 1, -1, (51 / 255f * 2) - 1, 1];
        Assert.Equal(expected, pixels.Row(0).ToArray());
        Assert.Equal(expected, pixels.Row(1).ToArray());
    }

    [Fact]
    public void FromImages_OfDifferentSizes_Throws() =>
        Assert.Throws<ArgumentException>(() => FacePixels.FromImages([new RgbImage(2, 2), new RgbImage(4, 4)], new TensorBuffer()));

    [Fact]
    public void Masked_KeepsWhatTheMaskKeeps()
    {
        var masked = FacePixels.Masked(new Tensor([1, 2, 3, 4, 5, 6], 1, 3, 1, 2), new Tensor([1, 0.5f], 1, 2), new TensorBuffer());
        Assert.Equal([1, 1, 3, 2, 5, 3], masked.Data);
    }

    [Fact]
    public void Composite_PutsTheKeptPixelsBack()
    {
        float[] generated = [10, 20, 30, 40, 50, 60];
        FacePixels.Composite(generated, [1, 2, 3, 4, 5, 6], [1, 0.25f]);
        Assert.Equal([1, 15.5f, 3, 31, 5, 46.5f], generated);
    }

    [Fact]
    public void Buffer_IsUsedAgainWhileTheShapeStays()
    {
        var buffer = new TensorBuffer();
        var first = buffer.Get(2, 3);
        Assert.Same(first, buffer.Get(2, 3));
        Assert.NotSame(first, buffer.Get(3, 2));
    }
}
