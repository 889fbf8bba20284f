using LatentSync.Audio;
using LatentSync.TestKit;

namespace LatentSync.Tests.Audio;

public class PowerSpectrumTests
{
    private const int WhisperFrame = 400;

    [Theory]
    [InlineData(WhisperFrame)]
    [InlineData(800)]
    [InlineData(12)]
    public void Compute_IsTheDiscreteFourierTransform(int frameLength)
    {
        var spectrum = new PowerSpectrum(frameLength);
        var sweep = Array.ConvertAll(TestSignals.Sweep(16000), value => (float)value);
        var power = new float[spectrum.BinCount];
        for (var start = 0; start + frameLength <= sweep.Length; start += 1111)
        {
            var frame = sweep.AsSpan(start, frameLength);
            spectrum.Compute(frame, power);
            AssertClose(SlowLogMel.Power(frame), power);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(200)]
    [InlineData(299)]
    [InlineData(300)]
    [InlineData(399)]
    public void Compute_OfTwoSamples_IsTheDiscreteFourierTransform(int position)
    {
        // A second sample makes the phases of the first one count, wherever the folds put it.
        var frame = new float[WhisperFrame];
        frame[position] = 20000;
        frame[150] = 10000;
        var power = new float[(WhisperFrame / 2) + 1];
        new PowerSpectrum(WhisperFrame).Compute(frame, power);
        AssertClose(SlowLogMel.Power(frame), power);
    }

    private static void AssertClose(double[] expected, float[] actual)
    {
        var limit = 1e-6 * expected.Max();
        for (var bin = 0; bin < expected.Length; bin++)
        {
            Assert.Equal(expected[bin], actual[bin], limit);
        }
    }
}
