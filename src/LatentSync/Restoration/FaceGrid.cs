using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// A face as a small square picture over the model's square: three planes, red, green, blue, 0 to 255. Frame and painted face on the
/// same grid can be compared.
/// </summary>
internal sealed class FaceGrid
{
    // Fine enough for lips; twice as many cells would cost four times as much.
    private const int FewestCells = 96;
    private const int MostSamples = 4;

    private readonly int _resolution;
    private readonly int _block;

    /// <summary>A grid over the square of a model resolution, a multiple of 8.</summary>
    public FaceGrid(int resolution)
    {
        _resolution = resolution;
        _block = SideOfBlock(resolution);
        Side = resolution / _block;
        Planes = [.. Enumerable.Range(0, RgbImage.Channels).Select(_ => new float[Side * Side])];
    }

    /// <summary>Cells per row.</summary>
    public int Side { get; }

    /// <summary>Red, green and blue.</summary>
    public float[][] Planes { get; }

    /// <summary>From the model's pixels to cells.</summary>
    public AffineTransform FromFace()
    {
        var scale = 1.0 / _block;
        return new AffineTransform(scale, 0, (0.5 * scale) - 0.5, 0, scale, (0.5 * scale) - 0.5);
    }

    /// <summary>The mean of each cell of a plane at the model's resolution.</summary>
    public float[] Reduce(ReadOnlySpan<float> plane)
    {
        var cells = new float[Side * Side];
        Reduce(plane, cells);
        return cells;
    }

    /// <summary>Takes the painted face, [3, resolution, resolution] in -1..1.</summary>
    public void Take(ReadOnlySpan<float> face)
    {
        var area = _resolution * _resolution;
        for (var channel = 0; channel < Planes.Length; channel++)
        {
            var plane = Planes[channel];
            Reduce(face.Slice(channel * area, area), plane);
            TensorPrimitives.Multiply(plane, byte.MaxValue / 2f, plane);
            TensorPrimitives.Add(plane, byte.MaxValue / 2f, plane);
        }
    }

    /// <summary>Takes the face out of its frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="faceToFrame">From the model's pixels to those of the frame.</param>
    public void Take(RgbImage frame, AffineTransform faceToFrame)
    {
        var cell = _block * Math.Sqrt(Math.Max(Square(faceToFrame.M11, faceToFrame.M21), Square(faceToFrame.M12, faceToFrame.M22)));

        // A bilinear sample is the mean of about two pixels across and down.
        var samples = (int)Math.Clamp(Math.Ceiling(cell / 2), 1, MostSamples);
        Span<float> sum = stackalloc float[RgbImage.Channels];
        for (var i = 0; i < Side * Side; i++)
        {
            sum.Clear();
            for (var sample = 0; sample < samples * samples; sample++)
            {
                var x = ((i % Side) + (((sample % samples) + 0.5) / samples)) * _block;
                var y = ((i / Side) + (((sample / samples) + 0.5) / samples)) * _block;
                Add(frame, faceToFrame.Apply(new Point2D(x - 0.5, y - 0.5)), sum);
            }

            for (var channel = 0; channel < sum.Length; channel++)
            {
                Planes[channel][i] = sum[channel] / (samples * samples);
            }
        }
    }

    private static int SideOfBlock(int resolution)
    {
        var block = 1;
        while (resolution % (2 * block) == 0 && resolution / (2 * block) >= FewestCells)
        {
            block *= 2;
        }

        return block;
    }

    private static double Square(double x, double y) => (x * x) + (y * y);

    /// <summary>Adds the colour at a point of the frame, bilinear; outside the frame that of its border.</summary>
    private static void Add(RgbImage frame, Point2D point, Span<float> sum)
    {
        var (x, y) = (Math.Clamp(point.X, 0, frame.Width - 1), Math.Clamp(point.Y, 0, frame.Height - 1));
        var (left, top) = (Math.Min((int)x, Math.Max(0, frame.Width - 2)), Math.Min((int)y, Math.Max(0, frame.Height - 2)));
        var (across, down) = ((float)(x - left), (float)(y - top));
        var (right, below) = (left + 1 < frame.Width ? RgbImage.Channels : 0, top + 1 < frame.Height ? frame.Stride : 0);
        var corner = (top * frame.Stride) + (left * RgbImage.Channels);
        var pixels = frame.Pixels;
        for (var channel = 0; channel < sum.Length; channel++, corner++)
        {
            float a = pixels[corner],
                c = pixels[corner + below];
            var upper = a + ((pixels[corner + right] - a) * across);
            var lower = c + ((pixels[corner + below + right] - c) * across);
            sum[channel] += upper + ((lower - upper) * down);
        }
    }

    private void Reduce(ReadOnlySpan<float> plane, Span<float> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var start = (i / Side * _block * _resolution) + (i % Side * _block);
            float sum = 0;
            for (var row = 0; row < _block; row++)
            {
                foreach (var value in plane.Slice(start + (row * _resolution), _block))
                {
                    sum += value;
                }
            }

            cells[i] = sum / (_block * _block);
        }
    }
}
