using System.Runtime.InteropServices;
using LatentSync.TestKit.Packing;

namespace LatentSync.Tests.Packing;

/// <summary>The golden data in the repository rests on this: what comes out is what went in, and random numbers take no room.</summary>
public class PackedFileTests
{
    /// <summary>The numbers that the generator's authors give for their seed 5489 (as std::mt19937 and Python have them).</summary>
    [Fact]
    public void MersenneTwister_IsThePublishedOne()
    {
        var generator = new MersenneTwister(5489);
        Assert.Equal(3499211612u, generator.Next());
        generator.Skip(9998);
        Assert.Equal(4123659995u, generator.Next());
    }

    [Fact]
    public void Uniform_IsPyTorchs()
    {
        // torch.manual_seed(1); torch.rand(3)
        var numbers = new float[3];
        TorchNumbers.Uniform(new MersenneTwister(1), numbers);
        Assert.Equal([0.7576315999031067f, 0.2793108820915222f, 0.40306925773620605f], numbers);
    }

    [Fact]
    public void Unpacked_IsWhatWasPacked_AndRandomNumbersTakeNoRoom()
    {
        const int seed = 7;
        const int start = 5;
        var spans = new[] { new DrawnSpan(start + 4000, 1000, DrawnKind.NormalHalf, 1200, 0.1f, 1), new DrawnSpan(start, 1000, DrawnKind.Normal, 100, 2, 0) };
        var generator = new MersenneTwister(seed);
        generator.Skip(100);
        var (first, second) = (new float[1000], new float[1000]);
        TorchNumbers.Normal(generator, first);
        generator.Skip(1200 - 100 - 1016);
        TorchNumbers.Normal(generator, second);
        byte[] file =
        [
            1,
            2,
            3,
            4,
            5,
            .. MemoryMarshal.AsBytes(Array.ConvertAll(first, value => value * 2).AsSpan()),
            .. MemoryMarshal.AsBytes(Array.ConvertAll(second, value => (Half)((value * 0.1f) + 1)).AsSpan()),
            6,
            7,
        ];
        file[start] ^= 1; // Another machine's last place.
        var packed = PackedFile.Pack(file, seed, spans);
        Assert.Equal(file, PackedFile.Unpack(new MemoryStream(packed)));
        Assert.InRange(packed.Length, 0, (4 * MersenneTwister.StateLength) + 200);
        Assert.InRange(PackedFile.Pack(file, seed, []).Length, 5000, file.Length);
    }

    [Fact]
    public void CutOffFile_IsAnError()
    {
        var packed = PackedFile.Pack(new byte[100_000], 1, []);
        Assert.ThrowsAny<Exception>(() => PackedFile.Unpack(new MemoryStream(packed[..(packed.Length / 2)])));
    }

    [Theory]
    [InlineData(1e-8)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(1.9)]
    [InlineData(6.28)]
    public void LogarithmSineAndCosine_AreThoseOfTheSystem(double value)
    {
        Assert.Equal(Math.Log(value), ExactMath.Log(value), 1e-14);
        Assert.Equal(Math.Sin(value), ExactMath.SinCos(value).Sin, 1e-14);
        Assert.Equal(Math.Cos(value), ExactMath.SinCos(value).Cos, 1e-14);
    }
}
