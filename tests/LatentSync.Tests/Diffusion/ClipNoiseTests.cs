using LatentSync.Diffusion;
using LatentSync.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace LatentSync.Tests.Diffusion;

public class ClipNoiseTests
{
    private const int Size = 16;

    [Fact]
    public void Draw_WithoutAShareOfItsOwn_RepeatsTheSharedNoise()
    {
        var noise = Noise(0).Draw(7, 3);
        Assert.Equal([3, 4, Size, Size], noise.Shape);
        for (var frame = 0; frame < 3; frame++)
        {
            Assert.Equal(Shared().Data, noise.Row(frame).ToArray());
        }
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Draw_MixesByVariance(double share)
    {
        var noise = Noise(share).Draw(0, 64);
        var pair = TensorPrimitives.Dot<float>(noise.Row(3), noise.Row(40)) / noise.Row(0).Length;
        var power = TensorPrimitives.SumOfSquares<float>(noise.Span) / noise.Length;

        // What frames have in common is the shared part; 1024 products scatter by about 1/32.
        Assert.Equal(1 - share, pair, 0.1);
        Assert.Equal(1, power, 0.05);
    }

    [Fact]
    public void Draw_GivesAFrameTheSameNoiseInWhateverClip()
    {
        var whole = Noise(0.5).Draw(0, 12);
        var part = Noise(0.5).Draw(5, 4);
        for (var frame = 0; frame < 4; frame++)
        {
            Assert.Equal(whole.Row(5 + frame).ToArray(), part.Row(frame).ToArray());
        }

        Assert.NotEqual(whole.Row(0).ToArray(), whole.Row(1).ToArray());
    }

    private static Tensor Shared() => FrameNoise.Draw(1247, 0, 4, Size, Size);

    private static ClipNoise Noise(double share) => new(Shared(), 1247, share);
}
