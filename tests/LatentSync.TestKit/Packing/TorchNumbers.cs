namespace LatentSync.TestKit.Packing;

/// <summary>
/// PyTorch's random numbers on the CPU, to within a few units in the last place: there, logarithm and cosine come from vector
/// instructions that round differently.
/// </summary>
internal static class TorchNumbers
{
    private const int Pairs = 8;

    // The fewest numbers that PyTorch makes in blocks; what does not fill the last block makes it draw one more.
    private const int Block = 2 * Pairs;

    /// <summary>As <c>torch.rand</c>: 0 to 1, of 24 bits.</summary>
    public static void Uniform(MersenneTwister generator, Span<float> numbers)
    {
        const uint mask = (1 << 24) - 1;
        foreach (ref var number in numbers)
        {
            number = (generator.Next() & mask) / (float)(mask + 1);
        }
    }

    /// <summary>As <c>torch.randn</c> makes 16 numbers or more: Box and Muller's transform of pairs that lie eight apart.</summary>
    /// <returns>How many numbers of the generator that took.</returns>
    public static int Normal(MersenneTwister generator, Span<float> numbers)
    {
        if (numbers.Length < Block)
        {
            throw new ArgumentException("torch.randn makes fewer numbers than a block in another way.", nameof(numbers));
        }

        Uniform(generator, numbers);
        var whole = numbers.Length - (numbers.Length % Block);
        for (var start = 0; start < whole; start += Block)
        {
            Transform(numbers.Slice(start, Block));
        }

        if (whole < numbers.Length)
        {
            Uniform(generator, numbers[^Block..]);
            Transform(numbers[^Block..]);
            return numbers.Length + Block;
        }

        return numbers.Length;
    }

    private static void Transform(Span<float> block)
    {
        for (var i = 0; i < Pairs; i++)
        {
            var radius = MathF.Sqrt(-2 * (float)ExactMath.Log(1 - block[i]));
            var (sin, cos) = ExactMath.SinCos(2 * MathF.PI * block[i + Pairs]);
            (block[i], block[i + Pairs]) = (radius * (float)cos, radius * (float)sin);
        }
    }
}
