using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// Gaussian blur of a plane by a kernel of side 2 * radius + 1 with the sigma that OpenCV derives from the side,
/// 0.3 * (radius - 1) + 0.8. At the frame's border the picture is mirrored, the border pixel not repeated; pixels of the
/// frame outside the region are 0.
/// </summary>
internal sealed class GaussianBlur
{
    private const double SigmaSlope = 0.3;
    private const double SigmaOffset = 0.8;

    private readonly ScratchBuffer<float> _kernel = new();
    private readonly ScratchBuffer<float> _padded = new();
    private readonly ScratchBuffer<float> _rows = new();

    /// <summary>Blurs the plane of <paramref name="width"/> x <paramref name="height"/> in place.</summary>
    public void Apply(Span<float> plane, int width, int height, int radius, FrameBorders borders)
    {
        var kernel = _kernel.Take((2 * radius) + 1);
        FillKernel(kernel, radius);
        var rows = _rows.Take(plane.Length);
        var padded = _padded.Take(width + (2 * radius));
        for (var y = 0; y < height; y++)
        {
            var row = plane.Slice(y * width, width);
            for (var i = 0; i < padded.Length; i++)
            {
                var x = Source(i - radius, width, borders.Left, borders.Right);
                padded[i] = x < 0 ? 0 : row[x];
            }

            var blurred = rows.Slice(y * width, width);
            blurred.Clear();
            for (var tap = 0; tap < kernel.Length; tap++)
            {
                TensorPrimitives.MultiplyAdd(padded.Slice(tap, width), kernel[tap], blurred, blurred);
            }
        }

        for (var y = 0; y < height; y++)
        {
            var blurred = plane.Slice(y * width, width);
            blurred.Clear();
            for (var tap = 0; tap < kernel.Length; tap++)
            {
                var source = Source(y + tap - radius, height, borders.Top, borders.Bottom);
                if (source >= 0)
                {
                    TensorPrimitives.MultiplyAdd(rows.Slice(source * width, width), kernel[tap], blurred, blurred);
                }
            }
        }
    }

    /// <summary>The pixel to read for a position on an axis; -1 where the value is 0.</summary>
    private static int Source(int position, int length, bool borderBefore, bool borderAfter)
    {
        if (position < 0)
        {
            return borderBefore ? Math.Min(-position, length - 1) : -1;
        }

        if (position >= length)
        {
            return borderAfter ? Math.Max((2 * (length - 1)) - position, 0) : -1;
        }

        return position;
    }

    private static void FillKernel(Span<float> kernel, int radius)
    {
        var sigma = (SigmaSlope * (radius - 1)) + SigmaOffset;
        for (var i = 0; i < kernel.Length; i++)
        {
            var distance = (i - radius) / sigma;
            kernel[i] = (float)Math.Exp(-0.5 * distance * distance);
        }

        TensorPrimitives.Divide(kernel, TensorPrimitives.Sum<float>(kernel), kernel);
    }
}
