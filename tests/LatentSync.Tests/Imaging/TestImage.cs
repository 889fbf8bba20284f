using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

/// <summary>Pictures to try routines on.</summary>
internal static class TestImage
{
    public static RgbImage Noise(int width, int height, int seed)
    {
        var image = new RgbImage(width, height);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    /// <summary>Slow waves, different in each channel, as in a photograph out of focus.</summary>
    public static RgbImage Waves(int width, int height)
    {
        var image = new RgbImage(width, height);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            var (x, y, channel) = (i / 3 % width, i / 3 / width, i % 3);
            image.Pixels[i] = (byte)(128 + (60 * Math.Sin((x + (5 * channel)) / 9.0)) + (40 * Math.Cos((y - channel) / 11.0)));
        }

        return image;
    }

    public static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    public static RgbImage Copy(RgbImage image) => new(image.Width, image.Height, [.. image.Pixels]);
}
