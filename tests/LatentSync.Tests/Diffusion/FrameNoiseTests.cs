using LatentSync.Diffusion;

namespace LatentSync.Tests.Diffusion;

public class FrameNoiseTests
{
    // Known answers of philox4x32-10 from the authors' Random123 distribution (kat_vectors).
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_GivesTheKnownAnswers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
    {
        uint[] counter = [c0, c1, c2, c3];
        FrameNoise.Philox(counter, k0, k1);
        Assert.Equal([r0, r1, r2, r3], counter);
    }

    [Fact]
    public void Draw_IsStandardNormal()
    {
        var noise = FrameNoise.Draw(seed: 1247, frame: 0, 4, 256, 256).Data;
        var mean = noise.Average(value => (double)value);
        var variance = noise.Average(value => Math.Pow(value - mean, 2));
        var kurtosis = noise.Average(value => Math.Pow(value - mean, 4)) / (variance * variance);
        Assert.Equal(0, mean, 0.01);
        Assert.Equal(1, variance, 0.01);
        Assert.Equal(3, kurtosis, 0.05);
    }

    [Fact]
    public void Draw_ElementsDependOnNothingButSeedFrameAndIndex()
    {
        var large = FrameNoise.Draw(7, 3, 4, 64, 64).Data;
        Assert.Equal(large[..1021], FrameNoise.Draw(7, 3, 1021).Data);
        Assert.NotEqual(large, FrameNoise.Draw(8, 3, 4, 64, 64).Data);
        Assert.NotEqual(large, FrameNoise.Draw(7, 4, 4, 64, 64).Data);
        Assert.NotEqual(FrameNoise.Draw(1ul << 40, 0, 16).Data, FrameNoise.Draw(0, 0, 16).Data);
    }

    [Fact]
    public void Draw_NeighbouringElementsAreUncorrelated()
    {
        var noise = FrameNoise.Draw(1247, 0, 100_000).Data;
        foreach (var lag in new[] { 1, 2, 3, 4, 64 })
        {
            var correlation = Enumerable.Range(0, noise.Length - lag).Average(i => (double)noise[i] * noise[i + lag]);
            Assert.Equal(0, correlation, 0.015);
        }
    }

    /// <summary>The first block of seed 0 is Philox's answer to zeros; its four words are two pairs of Box and Muller.</summary>
    [Fact]
    public void Draw_TransformsTheWordsInPairs() =>
        Assert.All(FrameNoise.Draw(0, 0, 4).Data.Zip([0.9911376799f, -0.9246625877f, -0.6176089595f, -0.4820685875f]), pair =>
            Assert.Equal(pair.Second, pair.First, 1e-6)
        );

    [Fact]
    public void Draw_TakesAllBitsOfTheFrame()
    {
        var frames = new ulong[] { 0, 1, 1ul << 31, 1ul << 32, 1ul << 63 }
            .Select(frame => FrameNoise.Draw(7, frame, 4).Data[0])
            .ToList();
        Assert.Equal(frames.Count, frames.Distinct().Count());
    }
}
