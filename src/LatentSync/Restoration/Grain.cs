namespace LatentSync.Restoration;

/// <summary>
/// Noise for what is painted, as much as it has less than the frame where both show the same skin. Frames of the same pixels get the
/// same noise, so that a still picture stays still.
/// </summary>
internal sealed class Grain
{
    private const int Levels = (4 * byte.MaxValue) + 1;
    private const int FewestSamples = 64;
    private const float Largest = 4;

    // Four times the pixel less its four neighbours has sqrt(20) times the deviation of white noise, and half of a normal
    // distribution is within 0.6745 deviations.
    private const float MedianToDeviation = 1 / (4.4721f * 0.6745f);

    // The sum of four bytes of a hash: its mean and its deviation.
    private const float HashMean = 510;
    private const float HashDeviation = 147.8f;

    private readonly int[] _frame = new int[Levels];
    private readonly int[] _painted = new int[Levels];
    private int _samples;
    private uint _seed;

    /// <summary>Standard deviation of the noise that is added, of 255.</summary>
    public float Deviation { get; private set; }

    /// <summary>Begins a frame.</summary>
    public void Begin()
    {
        Array.Clear(_frame);
        Array.Clear(_painted);
        (_samples, _seed) = (0, 1);
    }

    /// <summary>Takes a pixel of skin, of 255: four times itself less its four neighbours.</summary>
    /// <param name="value">The pixel of the frame.</param>
    /// <param name="frame">What the frame has.</param>
    /// <param name="painted">What the painted face has there.</param>
    public void Take(byte value, int frame, float painted)
    {
        _frame[Math.Abs(frame)]++;
        _painted[(int)Math.Min(Math.Abs(painted) + 0.5f, Levels - 1)]++;
        _samples++;
        _seed = Mix(_seed ^ value);
    }

    /// <summary>Computes <see cref="Deviation"/>.</summary>
    public void End()
    {
        var (frame, painted) = (Median(_frame) * MedianToDeviation, Median(_painted) * MedianToDeviation);
        Deviation = _samples < FewestSamples ? 0 : Math.Min(MathF.Sqrt(Math.Max(0, (frame * frame) - (painted * painted))), Largest);
    }

    /// <summary>The noise of a pixel, of 255; mean 0.</summary>
    public float At(int x, int y)
    {
        var hash = Mix(Mix(_seed + (uint)x) + (uint)y);
        var sum = (hash & byte.MaxValue) + ((hash >> 8) & byte.MaxValue) + ((hash >> 16) & byte.MaxValue) + (hash >> 24);
        return (sum - HashMean) * (Deviation / HashDeviation);
    }

    private static uint Mix(uint value)
    {
        value = (value ^ (value >> 16)) * 0x7FEB352D;
        value = (value ^ (value >> 15)) * 0x846CA68B;
        return value ^ (value >> 16);
    }

    /// <summary>The median of whole numbers, as if each were spread evenly over its unit.</summary>
    private float Median(int[] counts)
    {
        var before = 0;
        for (var level = 0; level < counts.Length; level++)
        {
            if (2 * (before + counts[level]) >= _samples)
            {
                return counts[level] == 0 ? level : Math.Max(0, level - 0.5f + (((_samples / 2f) - before) / counts[level]));
            }

            before += counts[level];
        }

        return 0;
    }
}
