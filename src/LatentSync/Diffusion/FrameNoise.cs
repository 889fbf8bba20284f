using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>
/// Normally distributed noise in which every element is a function of (seed, frame, element) alone, so that it depends
/// neither on the clip size nor on the device nor on what was drawn before. Philox4x32-10 (Salmon et al., "Parallel
/// random numbers: as easy as 1, 2, 3", SC 2011) with the Box-Muller transform.
/// </summary>
internal static class FrameNoise
{
    private const int Rounds = 10;
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;
    private const int NumbersPerBlock = 4;

    /// <summary>The noise of one frame, mean 0, variance 1.</summary>
    /// <param name="seed">Any 64-bit number.</param>
    /// <param name="frame">Index of the frame; LatentSync uses one frame of noise, 0, for the whole video.</param>
    /// <param name="shape">Shape of the result.</param>
    public static Tensor Draw(ulong seed, ulong frame, params ReadOnlySpan<int> shape)
    {
        var noise = new Tensor(shape);
        Span<uint> block = stackalloc uint[NumbersPerBlock];
        Span<float> normals = stackalloc float[NumbersPerBlock];
        for (var start = 0; start < noise.Length; start += NumbersPerBlock)
        {
            block[0] = (uint)(start / NumbersPerBlock);
            block[1] = 0;
            block[2] = (uint)frame;
            block[3] = (uint)(frame >> 32);
            Philox(block, (uint)seed, (uint)(seed >> 32));
            BoxMuller(block[0], block[1], out normals[0], out normals[1]);
            BoxMuller(block[2], block[3], out normals[2], out normals[3]);
            normals[..Math.Min(NumbersPerBlock, noise.Length - start)].CopyTo(noise.Span[start..]);
        }

        return noise;
    }

    /// <summary>Ten rounds over the four words of the counter, in place.</summary>
    internal static void Philox(Span<uint> counter, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var a = (ulong)MultiplierA * counter[0];
            var b = (ulong)MultiplierB * counter[2];
            (counter[0], counter[1], counter[2], counter[3]) = ((uint)(b >> 32) ^ counter[1] ^ key0, (uint)b, (uint)(a >> 32) ^ counter[3] ^ key1, (uint)a);
            key0 += WeylA;
            key1 += WeylB;
        }
    }

    private static void BoxMuller(uint a, uint b, out float first, out float second)
    {
        // Half a step away from 0 and 1, so that the logarithm is finite.
        var radius = Math.Sqrt(-2 * Math.Log((a + 0.5) / 4294967296.0));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (b + 0.5) / 4294967296.0);
        first = (float)(radius * cosine);
        second = (float)(radius * sine);
    }
}
