namespace LatentSync.Audio;

/// <summary>
/// |DFT|^2 of one Hann-windowed frame of N samples, bins 0..N/2 (0 to 8000 Hz at 16 kHz). The DFT is taken as plain dot
/// products: cos and sin are symmetric about the middle and the quarter of the frame, so folding the frame twice leaves
/// N/4 products per sum, and for lengths such as 2^4 * 5^2 that vectorises better than a mixed-radix FFT.
/// Holds working memory: one instance per thread.
/// </summary>
internal sealed class PowerSpectrum
{
    private readonly int _half;
    private readonly int _quarter;
    private readonly float[] _window;
    private readonly float[] _cosines;
    private readonly float[] _sines;
    private readonly float[] _windowed;
    private readonly float[] _cosineEvenBins;
    private readonly float[] _cosineOddBins;
    private readonly float[] _sineEvenBins;
    private readonly float[] _sineOddBins;

    /// <summary>Prepares the tables, which takes about a millisecond.</summary>
    /// <param name="frameLength">Samples of a frame, a multiple of 4.</param>
    public PowerSpectrum(int frameLength)
    {
        if (frameLength <= 0 || frameLength % 4 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(frameLength), frameLength, "The frame length must be a multiple of 4.");
        }

        FrameLength = frameLength;
        (_half, _quarter) = (frameLength / 2, frameLength / 4);
        _window = HannWindow(frameLength);
        _cosines = Table(Math.Cos);
        _sines = Table(Math.Sin);
        _windowed = new float[frameLength];
        _cosineEvenBins = new float[_quarter];
        _cosineOddBins = new float[_quarter];
        _sineEvenBins = new float[_quarter];
        _sineOddBins = new float[_quarter];
    }

    /// <summary>Samples of a frame.</summary>
    public int FrameLength { get; }

    /// <summary>Bins from 0 Hz up to and including half the sample rate.</summary>
    public int BinCount => _half + 1;

    /// <summary>The power of each bin.</summary>
    /// <param name="frame"><see cref="FrameLength"/> samples in -32768..32767; they count as -1..1.</param>
    /// <param name="power">Receives <see cref="BinCount"/> values.</param>
    public void Compute(ReadOnlySpan<float> frame, Span<float> power)
    {
        TensorPrimitives.Multiply(frame[..FrameLength], _window, _windowed);
        Fold();

        // The sample at the quarter meets itself in the second fold: cos(k pi/2) and sin(k pi/2) are 0 or +-1 there.
        var cosineAtQuarter = _windowed[_quarter] + _windowed[FrameLength - _quarter];
        var sineAtQuarter = _windowed[_quarter] - _windowed[FrameLength - _quarter];
        for (var bin = 0; bin < BinCount; bin++)
        {
            var even = (bin & 1) == 0;
            var sign = (bin & 2) == 0 ? 1 : -1;
            var real = TensorPrimitives.Dot<float>(_cosines.AsSpan(bin * _quarter, _quarter), even ? _cosineEvenBins : _cosineOddBins);
            var imaginary = TensorPrimitives.Dot<float>(_sines.AsSpan(bin * _quarter, _quarter), even ? _sineEvenBins : _sineOddBins);
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
        _cosineEvenBins[0] = x[0] + x[_half];
        _cosineOddBins[0] = x[0] - x[_half];
        for (var n = 1; n < _quarter; n++)
        {
            var (near, far) = (x[n] + x[FrameLength - n], x[_half - n] + x[_half + n]);
            _cosineEvenBins[n] = near + far;
            _cosineOddBins[n] = near - far;
            (near, far) = (x[n] - x[FrameLength - n], x[_half - n] - x[_half + n]);
            _sineEvenBins[n] = near - far;
            _sineOddBins[n] = near + far;
        }
    }

    /// <summary>Periodic Hann window, with the scale of 16-bit samples in it.</summary>
    private static float[] HannWindow(int length)
    {
        const double FullScale = 32768;
        var window = new float[length];
        for (var n = 0; n < length; n++)
        {
            window[n] = (float)((0.5 - (0.5 * Math.Cos(2 * Math.PI * n / length))) / FullScale);
        }

        return window;
    }

    /// <summary>[bins, N/4]: f(2 pi k n / N). The angle is reduced first, so that large k n lose no digits.</summary>
    private float[] Table(Func<double, double> function)
    {
        var table = new float[BinCount * _quarter];
        for (var bin = 0; bin < BinCount; bin++)
        {
            for (var n = 0; n < _quarter; n++)
            {
                table[(bin * _quarter) + n] = (float)function(2 * Math.PI * (bin * n % FrameLength) / FrameLength);
            }
        }

        return table;
    }
}
