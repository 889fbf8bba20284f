using LatentSync.Scoring;

namespace LatentSync.Tests.Scoring;

public class OffsetDistancesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(-15)]
    public void Best_IsTheDelayOfTheLips(int delay)
    {
        var sound = Vectors(60, seed: 1);
        float[][] faces = [.. Enumerable.Range(0, 60).Select(i => i - delay is >= 0 and < 60 ? sound[i - delay] : Vectors(1, seed: 500 + i)[0])];
        var distances = Compare(faces, sound);
        Assert.Equal(delay, distances.Best);
        Assert.Equal(0, distances.Means[delay + OffsetDistances.Range], 1e-6);
        Assert.InRange(distances.Confidence!.Value, 0.3, Math.Sqrt(2));
    }

    /// <summary>calc_pdist and the lines after it of the public evaluation, on windows that all have a pair.</summary>
    [Fact]
    public void Numbers_AreThoseOfThePublicEvaluation()
    {
        const int Shift = 15,
            Windows = 40;
        var (faces, sound) = (Vectors(Windows, seed: 7), Vectors(Windows + (2 * Shift), seed: 8));
        var distances = new OffsetDistances();
        var means = new double[(2 * Shift) + 1];
        for (var i = 0; i < Windows; i++)
        {
            for (var k = 0; k < means.Length; k++)
            {
                // Index k compares faces i with sound i + k - 15; av_offset is 15 - argmin.
                double square = 0;
                for (var axis = 0; axis < faces[i].Length; axis++)
                {
                    square += Math.Pow(faces[i][axis] - sound[i + k][axis], 2);
                }

                means[k] += Math.Sqrt(square) / Windows;
                distances.Add(Shift - k, faces[i], sound[i + k]);
            }
        }

        var sorted = means.Order().ToArray();
        Assert.Equal(Shift - Array.IndexOf(means, sorted[0]), distances.Best);
        Assert.Equal(sorted[15] - sorted[0], distances.Confidence!.Value, 1e-6);
        Assert.Equal(means.Reverse(), distances.Means, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void FewPairs_SayNothing()
    {
        var distances = Compare(Vectors(9, seed: 1), Vectors(9, seed: 1));
        Assert.Null(distances.Best);
        Assert.Null(distances.Confidence);
        Assert.All(distances.Means, mean => Assert.True(double.IsNaN(mean)));
    }

    [Fact]
    public void OffsetsWithFewPairs_AreLeftOut()
    {
        var distances = Compare(Vectors(12, seed: 1), Vectors(12, seed: 1));
        Assert.Equal(5, distances.Means.Count(mean => !double.IsNaN(mean)));
        Assert.Equal(0, distances.Best);
    }

    private static OffsetDistances Compare(float[][] faces, float[][] sound)
    {
        var distances = new OffsetDistances();
        for (var i = 0; i < faces.Length; i++)
        {
            for (var j = Math.Max(0, i - OffsetDistances.Range); j <= Math.Min(sound.Length - 1, i + OffsetDistances.Range); j++)
            {
                distances.Add(i - j, faces[i], sound[j]);
            }
        }

        return distances;
    }

    /// <summary>Random directions of the positive octant, as the encoders give them.</summary>
    private static float[][] Vectors(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    float[] vector = [.. Enumerable.Range(0, 8).Select(_ => random.NextSingle())];
                    var length = MathF.Sqrt(vector.Sum(x => x * x));
                    return Array.ConvertAll(vector, x => x / length);
                }),
        ];
    }
}
