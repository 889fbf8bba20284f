namespace LatentSync.Audio;

/// <summary>
/// |DFT|^2 of one Hann-windowed frame of 400 samples, bins 0..200 (0 to 8000 Hz at 16 kHz). The DFT is taken as plain
/// dot products: cos and sin are symmetric about the middle and the quarter of the frame, so folding the frame twice
/// leaves 100 products per sum, and for a length of 2^4 * 5^2 that vectorises better than a mixed-radix FFT.
/// Holds working memory: one instance per thread.
/// </summary>
internal sealed class PowerSpectrum
{
    /// <summary>Samples of a frame.</summary>
    public const int FrameLength = 400;

    /// <summary>Bins from 0 Hz up to and including half the sample rate.</summary>
    public const int BinCount = Half + 1;

    private const int Half = FrameLength / 2;
    private const int Quarter = FrameLength / 4;

    private static readonly float[] Window = HannWindow();
    private static readonly float[] Cosines = Table(Math.Cos);
    private static readonly float[] Sines = Table(Math.Sin);

    private readonly float[] _windowed = new float[FrameLength];
    private readonly float[] _cosineEvenBins = new float[Quarter];
    private readonly float[] _cosineOddBins = new float[Quarter];
    private readonly float[] _sineEvenBins = new float[Quarter];
    private readonly float[] _sineOddBins = new float[Quarter];

    /// <summary>The power of each bin.</summary>
    /// <param name="frame">400 samples in -32768..32767; they count as -1..1.</param>
    /// <param name="power">Receives 201 values.</param>
    public void Compute(ReadOnlySpan<float> frame, Span<float> power)
    {
        TensorPrimitives.Multiply(frame[..FrameLength], Window, _windowed);
        Fold();

        // Sample 100 meets itself in the second fold: cos(k pi/2) and sin(k pi/2) are 0 or +-1 there.
        var cosineAtQuarter = _windowed[Quarter] + _windowed[FrameLength - Quarter];
        var sineAtQuarter = _windowed[Quarter] - _windowed[FrameLength - Quarter];
        for (var bin = 0; bin < BinCount; bin++)
        {
            var even = (bin & 1) == 0;
            var sign = (bin & 2) == 0 ? 1 : -1;
            var real = TensorPrimitives.Dot<float>(Cosines.AsSpan(bin * Quarter, Quarter), even ? _cosineEvenBins : _cosineOddBins);
            var imaginary = TensorPrimitives.Dot<float>(Sines.AsSpan(bin * Quarter, Quarter), even ? _sineEvenBins : _sineOddBins);
            if (even)
            {
                real += sign * cosineAtQuarter;
            }
            else
            {
                imaginary += sign * sineAtQuarter;
            }

            power[bin] = (real * real) + (imaginary * imaginary);
        }
    }

    /// <summary>Adds up the samples that meet the same cosine (or, up to the sign, the same sine).</summary>
    private void Fold()
    {
        var x = _windowed;
        _cosineEvenBins[0] = x[0] + x[Half];
        _cosineOddBins[0] = x[0] - x[Half];
        for (var n = 1; n < Quarter; n++)
        {
            var (near, far) = (x[n] + x[FrameLength - n], x[Half - n] + x[Half + n]);
            _cosineEvenBins[n] = near + far;
            _cosineOddBins[n] = near - far;
            (near, far) = (x[n] - x[FrameLength - n], x[Half - n] - x[Half + n]);
            _sineEvenBins[n] = near - far;
            _sineOddBins[n] = near + far;
        }
    }

    /// <summary>Periodic Hann window, with the scale of 16-bit samples in it.</summary>
    private static float[] HannWindow()
    {
        const double FullScale = 32768;
        var window = new float[FrameLength];
        for (var n = 0; n < FrameLength; n++)
        {
            window[n] = (float)((0.5 - (0.5 * Math.Cos(2 * Math.PI * n / FrameLength))) / FullScale);
        }

        return window;
    }

    /// <summary>[201, 100]: f(2 pi k n / 400). The angle is reduced first, so that large k n lose no digits.</summary>
    private static float[] Table(Func<double, double> function)
    {
        var table = new float[BinCount * Quarter];
        for (var bin = 0; bin < BinCount; bin++)
        {
            for (var n = 0; n < Quarter; n++)
            {
                table[(bin * Quarter) + n] = (float)function(2 * Math.PI * (bin * n % FrameLength) / FrameLength);
            }
        }

        return table;
    }
}
