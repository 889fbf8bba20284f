using LatentSync.Imaging;

namespace LatentSync.TestKit;

/// <summary>Made-up frames and slow, obvious ways to change frames.</summary>
internal static class TestFrames
{
    private static double[] Normals { get; } = DrawNormals(new Random(1), 1 << 14);

    private static ReadOnlySpan<byte> Outside => [127, 127, 127];

    /// <summary>A frame of one colour.</summary>
    public static RgbImage Flat(int width, int height, byte value)
    {
        var frame = new RgbImage(width, height);
        frame.Pixels.AsSpan().Fill(value);
        return frame;
    }

    /// <summary>Independent random bytes.</summary>
    public static RgbImage Noise(int width, int height, int seed)
    {
        var frame = new RgbImage(width, height);
        new Random(seed).NextBytes(frame.Pixels);
        return frame;
    }

    /// <summary>Sky above hills above a striped field.</summary>
    public static RgbImage Landscape(int width, int height)
    {
        var frame = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var hill = height * (0.5 + (0.1 * Math.Sin(x * 7.0 / width)) + (0.04 * Math.Sin(x * 31.0 / width)));
                var stripe = (byte)(20 * Math.Sin((y - hill) * 0.3));
                ReadOnlySpan<byte> color =
                    y < hill ? [(byte)(90 + (80 * y / height)), (byte)(140 + (60 * y / height)), 230] : [(byte)(70 + stripe), (byte)(120 + stripe), 50];
                color.CopyTo(frame.Row(y)[(x * RgbImage.Channels)..]);
            }
        }

        return frame;
    }

    /// <summary>
    /// The frame seen through a transform that takes its points to those of the result; bilinear, grey outside, with
    /// Gaussian noise of the given standard deviation.
    /// </summary>
    public static RgbImage Warp(RgbImage frame, AffineTransform transform, int width, int height, double noise = 0, int seed = 0)
    {
        var (result, back, random) = (new RgbImage(width, height), transform.Invert(), new Random(seed));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var source = back.Apply(new Point2D(x, y));
                var (column, row) = ((int)Math.Floor(source.X), (int)Math.Floor(source.Y));
                var (fx, fy) = (source.X - column, source.Y - row);
                ReadOnlySpan<byte> a = Pixel(frame, column, row),
                    b = Pixel(frame, column + 1, row);
                ReadOnlySpan<byte> c = Pixel(frame, column, row + 1),
                    d = Pixel(frame, column + 1, row + 1);
                var target = result.Row(y).Slice(x * RgbImage.Channels, RgbImage.Channels);
                for (var channel = 0; channel < RgbImage.Channels; channel++)
                {
                    var upper = (a[channel] * (1 - fx)) + (b[channel] * fx);
                    var lower = (c[channel] * (1 - fx)) + (d[channel] * fx);
                    var value = (upper * (1 - fy)) + (lower * fy) + (noise > 0 ? noise * Normals[random.Next(Normals.Length)] : 0);
                    target[channel] = (byte)Math.Clamp(Math.Round(value), 0, 255);
                }
            }
        }

        return result;
    }

    private static ReadOnlySpan<byte> Pixel(RgbImage frame, int column, int row) =>
        column >= 0 && column < frame.Width && row >= 0 && row < frame.Height ? frame.Row(row).Slice(column * RgbImage.Channels, RgbImage.Channels) : Outside;

    private static double[] DrawNormals(Random random, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return values;
    }
}
