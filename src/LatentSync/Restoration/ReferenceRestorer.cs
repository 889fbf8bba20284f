using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// The reference's restoration, for parity: the whole crop is resized, warped back and blended in with a soft edge.
/// Works on the face's surroundings only; every other pixel of the frame has weight 0 in the reference too.
/// </summary>
internal sealed class ReferenceRestorer : IFaceRestorer
{
    // The crop's border fades over one pixel, the 2x2 erosion and the even erosion window shift by one more.
    private const int Margin = 3;

    // The reference warps the face in -1..1 with the fill meant for 0..255; it shows only where the frame cuts the crop.
    private const float OutsideValue = 127;

    private readonly int _resolution;
    private readonly CropSize _size;
    private readonly BicubicResizer _resizer;
    private readonly SoftMask _mask = new();
    private readonly float[] _crop;

    /// <summary>A restorer for faces of a model resolution.</summary>
    public ReferenceRestorer(int resolution)
    {
        _resolution = resolution;
        _size = CropSize.ForResolution(resolution);
        _resizer = new BicubicResizer(resolution, resolution, _size.Width, _size.Height);
        _crop = new float[RgbImage.Channels * _size.Width * _size.Height];
    }

    /// <inheritdoc/>
    public void Restore(RgbImage frame, AffineTransform alignment, ReadOnlyMemory<float> face, float weight, PaintedMask? mask = null)
    {
        FacePlanes.RequireSize(face.Span, _resolution);
        var crop = new PixelRectangle(0, 0, _size.Width, _size.Height);
        var region = crop.Transform(alignment.Invert(), Margin, frame.Width, frame.Height);
        if (region.IsEmpty)
        {
            return;
        }

        mask?.Add(region);
        _mask.Build(_size, alignment, region, FrameBorders.Of(region, frame.Width, frame.Height));
        var area = _size.Width * _size.Height;
        for (var channel = 0; channel < RgbImage.Channels; channel++)
        {
            _resizer.Resize(face.Span.Slice(channel * _resolution * _resolution, _resolution * _resolution), _crop.AsSpan(channel * area, area));
        }

        for (var y = region.Top; y < region.Bottom; y++)
        {
            BlendRow(frame.Row(y), y, region, alignment, weight, mask);
        }
    }

    private void BlendRow(Span<byte> row, int y, PixelRectangle region, AffineTransform alignment, float share, PaintedMask? mask)
    {
        Span<float> pixel = stackalloc float[RgbImage.Channels];
        var soft = _mask.Soft(y - region.Top);
        var eroded = _mask.Eroded(y - region.Top);
        for (var x = region.Left; x < region.Right; x++)
        {
            var weight = share * soft[x - region.Left];
            if (weight <= 0)
            {
                continue;
            }

            mask?.Paint(x, y, weight);
            PlaneSampler.Sample(_crop, _size.Width, _size.Height, alignment.Apply(new Point2D(x, y)), OutsideValue, pixel);
            var target = row.Slice(x * RgbImage.Channels, RgbImage.Channels);
            for (var channel = 0; channel < pixel.Length; channel++)
            {
                var value = Math.Clamp((pixel[channel] / 2) + 0.5f, 0, 1) * byte.MaxValue;
                target[channel] = (byte)((weight * (eroded[x - region.Left] * value)) + ((1 - weight) * target[channel]));
            }
        }
    }
}
