namespace LatentSync.Imaging;

/// <summary>
/// The eight fixed-point Lanczos-4 weights of every output position along one axis, as OpenCV's INTER_LANCZOS4 has them
/// for 8-bit images: pixel centres at (i + 0.5) * scale - 0.5, the kernel never widened when shrinking, weights
/// normalised in float32 and then rounded one by one to 11 fractional bits.
/// </summary>
internal sealed class LanczosTaps
{
    /// <summary>Weights per output.</summary>
    public const int Count = 8;

    /// <summary>Taps that lie before the pixel at <see cref="Base"/>.</summary>
    public const int Before = 3;

    /// <summary>Fractional bits of a weight.</summary>
    public const int FractionBits = 11;

    private const int Lobes = 4;

    // On a pixel the formula is 0 / 0; a weight beside which the others vanish gives that pixel alone.
    private const float MinDistance = 1e-6f;
    private const float Overwhelming = 1e30f;

    /// <summary>
    /// Weights for <paramref name="outputs"/> outputs over <paramref name="inputs"/> inputs, followed by zero weights up
    /// to <paramref name="length"/> entries for vector loops that work past the end.
    /// </summary>
    public LanczosTaps(int inputs, int outputs, int length)
    {
        Base = new int[length];
        Weights = new short[length * Count];
        var scale = 1 / ((double)outputs / inputs);
        Span<float> kernel = stackalloc float[Count];
        for (var i = 0; i < outputs; i++)
        {
            var position = (float)(((i + 0.5) * scale) - 0.5);
            Base[i] = (int)MathF.Floor(position);
            Evaluate(position - Base[i], kernel);
            for (var tap = 0; tap < Count; tap++)
            {
                Weights[(i * Count) + tap] = (short)MathF.Round(kernel[tap] * (1 << FractionBits));
            }
        }
    }

    /// <summary>For each output, the input pixel at or before its position; -1 at the earliest.</summary>
    public int[] Base { get; }

    /// <summary>[outputs, 8] weights of the inputs Base - 3 .. Base + 4.</summary>
    public short[] Weights { get; }

    /// <summary>
    /// sinc(d) sinc(d / 4) at the eight taps around a fraction in [0, 1), normalised to sum 1. sin(pi d) has the same
    /// size at all taps and alternates in sign, so it drops out, and (-1)^tap sin(pi d / 4) / d^2 is left.
    /// </summary>
    private static void Evaluate(float fraction, Span<float> kernel)
    {
        var sum = 0f;
        for (var tap = 0; tap < Count; tap++)
        {
            var distance = fraction + Before - tap;
            var angle = distance * Math.PI / Lobes;
            var sign = tap % 2 == 0 ? -1 : 1;
            kernel[tap] = Math.Abs(distance) < MinDistance ? Overwhelming : (float)(sign * Math.Sin(angle) / (angle * angle));
            sum += kernel[tap];
        }

        var factor = 1 / sum;
        for (var tap = 0; tap < Count; tap++)
        {
            kernel[tap] *= factor;
        }
    }
}
