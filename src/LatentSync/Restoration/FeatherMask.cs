using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// The weight of the generated face at each pixel of the model's square: 0 where the picture is kept and at the rim of
/// the painted region, rising smoothly to 1 inside it. Distances are measured in the crop, whose pixels are square in
/// the frame, so the edge is equally wide on all sides and in proportion to the face.
/// </summary>
internal sealed class FeatherMask
{
    /// <summary>Width of the soft edge as a share of the crop's width: wide enough to hide a step in colour, and clear of the lips.</summary>
    public const double EdgeShare = 0.08;

    // Resizing leaves fractions along the rim; below one half the model's pixel dominates.
    private const float PaintedBelow = 0.5f;

    private readonly int _resolution;

    /// <summary>Builds the weights.</summary>
    /// <param name="mask">[resolution, resolution]: 1 = keep, 0 = painted.</param>
    /// <param name="resolution">The side of the model's square.</param>
    public FeatherMask(ReadOnlySpan<float> mask, int resolution)
    {
        if (mask.Length != checked(resolution * resolution))
        {
            throw new ArgumentException(
                Invariant($"A mask of {resolution}x{resolution} needs {resolution * resolution} values, got {mask.Length}."),
                nameof(mask)
            );
        }

        _resolution = resolution;
        var size = CropSize.ForResolution(resolution);
        var (pixelWidth, pixelHeight) = ((double)size.Width / resolution, (double)size.Height / resolution);
        Weights = Ramp(RowsToKept(mask), size.Width * EdgeShare, pixelWidth, pixelHeight);
        Bounds = FindBounds();
    }

    /// <summary>[resolution, resolution] weights in 0..1.</summary>
    public float[] Weights { get; }

    /// <summary>The pixels between which a weight above 0 can be interpolated; may reach one pixel beyond the square.</summary>
    public PixelRectangle Bounds { get; }

    /// <summary>For each pixel the number of rows to the nearest kept one in its column; outside the square all is kept.</summary>
    private int[] RowsToKept(ReadOnlySpan<float> mask)
    {
        var rows = new int[mask.Length];
        for (var x = 0; x < _resolution; x++)
        {
            var distance = 0;
            for (var y = 0; y < _resolution; y++)
            {
                distance = mask[(y * _resolution) + x] < PaintedBelow ? distance + 1 : 0;
                rows[(y * _resolution) + x] = distance;
            }

            distance = 0;
            for (var y = _resolution - 1; y >= 0; y--)
            {
                distance = mask[(y * _resolution) + x] < PaintedBelow ? distance + 1 : 0;
                rows[(y * _resolution) + x] = Math.Min(rows[(y * _resolution) + x], distance);
            }
        }

        return rows;
    }

    /// <summary>The distance to the nearest kept pixel, less one pixel so that the rim is 0, as a smooth step of the edge's width.</summary>
    private float[] Ramp(int[] rowsToKept, double edge, double pixelWidth, double pixelHeight)
    {
        var weights = new float[rowsToKept.Length];
        var rim = Math.Max(pixelWidth, pixelHeight);
        var reach = (int)Math.Ceiling((edge + rim) / pixelWidth);
        for (var i = 0; i < weights.Length; i++)
        {
            if (rowsToKept[i] == 0)
            {
                continue;
            }

            var x = i % _resolution;
            var nearest = double.PositiveInfinity;
            for (var shift = -reach; shift <= reach; shift++)
            {
                var inside = (uint)(x + shift) < (uint)_resolution;
                var (across, down) = (shift * pixelWidth, inside ? rowsToKept[i + shift] * pixelHeight : 0);
                nearest = Math.Min(nearest, (across * across) + (down * down));
            }

            var t = Math.Clamp((Math.Sqrt(nearest) - rim) / edge, 0, 1);
            weights[i] = (float)(t * t * (3 - (2 * t)));
        }

        return weights;
    }

    private PixelRectangle FindBounds()
    {
        var bounds = new PixelRectangle(_resolution, _resolution, 0, 0);
        for (var i = 0; i < Weights.Length; i++)
        {
            if (Weights[i] > 0)
            {
                var (x, y) = (i % _resolution, i / _resolution);
                bounds = new PixelRectangle(
                    Math.Min(bounds.Left, x - 1),
                    Math.Min(bounds.Top, y - 1),
                    Math.Max(bounds.Right, x + 2),
                    Math.Max(bounds.Bottom, y + 2)
                );
            }
        }

        return bounds;
    }
}
