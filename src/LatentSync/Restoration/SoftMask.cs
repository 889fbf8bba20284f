using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// The reference's blending mask: the crop's area in the frame, eroded by 2x2, then eroded and blurred in proportion to
/// its size. Computed for a region of the frame that holds the whole crop, with the same result as for the whole frame.
/// </summary>
internal sealed class SoftMask
{
    // The reference's edge is a twentieth of the face's side.
    private const int EdgeShare = 20;

    private readonly SquareErosion _erosion = new();
    private readonly GaussianBlur _blur = new();
    private readonly ScratchBuffer<float> _eroded = new();
    private readonly ScratchBuffer<float> _soft = new();
    private PixelRectangle _region;

    /// <summary>A row of the mask after the 2x2 erosion, 0..1; rows count from the region's top.</summary>
    public ReadOnlySpan<float> Eroded(int row) => _eroded.Take(_region.Width * _region.Height).Slice(row * _region.Width, _region.Width);

    /// <summary>A row of the finished mask, 0..1; rows count from the region's top.</summary>
    public ReadOnlySpan<float> Soft(int row) => _soft.Take(_region.Width * _region.Height).Slice(row * _region.Width, _region.Width);

    /// <summary>Computes the mask.</summary>
    /// <param name="size">The crop.</param>
    /// <param name="alignment">Takes frame pixels to crop pixels.</param>
    /// <param name="region">The part of the frame to compute; the crop does not reach its sides except at the frame's.</param>
    /// <param name="borders">The sides of the region that are the frame's.</param>
    public void Build(CropSize size, AffineTransform alignment, PixelRectangle region, FrameBorders borders)
    {
        _region = region;
        var eroded = _eroded.Take(checked(region.Width * region.Height));
        Cover(size, alignment, eroded);
        _erosion.Apply(eroded, region.Width, region.Height, radius: 1, borders);

        var soft = _soft.Take(eroded.Length);
        eroded.CopyTo(soft);
        var edge = (int)Math.Sqrt(Sum(eroded)) / EdgeShare;
        if (edge > 0)
        {
            _erosion.Apply(soft, region.Width, region.Height, edge, borders);
            _blur.Apply(soft, region.Width, region.Height, edge, borders);
        }
    }

    /// <summary>The crop's ones, sampled bilinearly with zeros around them.</summary>
    private void Cover(CropSize size, AffineTransform alignment, Span<float> coverage)
    {
        var i = 0;
        for (var y = _region.Top; y < _region.Bottom; y++)
        {
            for (var x = _region.Left; x < _region.Right; x++)
            {
                var point = alignment.Apply(new Point2D(x, y));
                coverage[i++] = (float)(Coverage(point.X, size.Width) * Coverage(point.Y, size.Height));
            }
        }
    }

    private static double Coverage(double position, int length) => Math.Clamp(Math.Min(position + 1, length - position), 0, 1);

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
