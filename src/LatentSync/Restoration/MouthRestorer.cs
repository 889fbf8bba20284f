using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// The default restoration: only what the model painted goes back into the frame, with a feathered edge inside the
/// painted region. The face is resampled once, straight from the model's pixels, with a bicubic kernel as wide as a
/// frame pixel when it shrinks; the rest of the frame keeps its bits.
/// </summary>
internal sealed class MouthRestorer : IFaceRestorer
{
    private readonly int _resolution;
    private readonly CropSize _size;
    private readonly FeatherMask _feather;
    private readonly CubicWindow _columns;
    private readonly CubicWindow _rows;

    /// <summary>A restorer for a model resolution, a multiple of 8.</summary>
    /// <param name="mask">[resolution, resolution]: 1 = keep, 0 = painted.</param>
    /// <param name="resolution">The side of the model's square.</param>
    public MouthRestorer(ReadOnlySpan<float> mask, int resolution)
    {
        _resolution = resolution;
        _size = CropSize.ForResolution(resolution);
        _feather = new FeatherMask(mask, resolution);
        _columns = new CubicWindow(resolution, Vector256<float>.Count);
        _rows = new CubicWindow(resolution, multiple: 1);
    }

    /// <inheritdoc/>
    public void Restore(RgbImage frame, AffineTransform alignment, ReadOnlySpan<float> face, float weight, PaintedMask? mask = null)
    {
        FacePlanes.RequireSize(face, _resolution);
        var frameToFace = alignment.Then(CropToFace());
        var region = _feather.Bounds.Transform(frameToFace.Invert(), margin: 1, frame.Width, frame.Height);
        if (_feather.Bounds.IsEmpty || region.IsEmpty)
        {
            return;
        }

        mask?.Add(region);
        _columns.SetScale(Math.Sqrt((frameToFace.M11 * frameToFace.M11) + (frameToFace.M12 * frameToFace.M12)));
        _rows.SetScale(Math.Sqrt((frameToFace.M21 * frameToFace.M21) + (frameToFace.M22 * frameToFace.M22)));
        Span<float> feather = stackalloc float[1];
        for (var y = region.Top; y < region.Bottom; y++)
        {
            var row = frame.Row(y);
            for (var x = region.Left; x < region.Right; x++)
            {
                var point = frameToFace.Apply(new Point2D(x, y));
                PlaneSampler.Sample(_feather.Weights, _resolution, _resolution, point, fill: 0, feather);
                if (feather[0] > 0)
                {
                    Blend(row.Slice(x * RgbImage.Channels, RgbImage.Channels), Resample(face, point), weight * feather[0]);
                    mask?.Paint(x, y, weight * feather[0]);
                }
            }
        }
    }

    /// <summary>From the crop's pixels to the model's: two grids over the same area, so their corners coincide, not their first centres.</summary>
    private AffineTransform CropToFace()
    {
        var (scaleX, scaleY) = ((double)_resolution / _size.Width, (double)_resolution / _size.Height);
        return new AffineTransform(scaleX, 0, (0.5 * scaleX) - 0.5, 0, scaleY, (0.5 * scaleY) - 0.5);
    }

    /// <summary>R, G, B in -1..1 at a point of the face.</summary>
    private Vector128<float> Resample(ReadOnlySpan<float> face, Point2D point)
    {
        _columns.MoveTo(point.X);
        _rows.MoveTo(point.Y);
        var plane = _resolution * _resolution;
        var start = (_rows.First * _resolution) + _columns.First;
        ref var red = ref MemoryMarshal.GetReference(face[start..]);
        ref var green = ref MemoryMarshal.GetReference(face[(start + plane)..]);
        ref var blue = ref MemoryMarshal.GetReference(face[(start + (2 * plane))..]);
        var (redSum, greenSum, blueSum) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var columns = _columns.Weights;
        var rows = _rows.Weights;
        for (var tap = 0; tap < columns.Length; tap += Vector256<float>.Count)
        {
            var (r, g, b) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            var offset = (nuint)tap;
            foreach (var down in rows)
            {
                r += Vector256.LoadUnsafe(ref red, offset) * down;
                g += Vector256.LoadUnsafe(ref green, offset) * down;
                b += Vector256.LoadUnsafe(ref blue, offset) * down;
                offset += (nuint)_resolution;
            }

            var across = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(columns), (nuint)tap);
            redSum += r * across;
            greenSum += g * across;
            blueSum += b * across;
        }

        return Vector128.Create(Vector256.Sum(redSum), Vector256.Sum(greenSum), Vector256.Sum(blueSum), 0);
    }

    private static void Blend(Span<byte> target, Vector128<float> pixel, float weight)
    {
        for (var channel = 0; channel < target.Length; channel++)
        {
            var value = Math.Clamp((pixel[channel] / 2) + 0.5f, 0, 1) * byte.MaxValue;
            target[channel] = (byte)(target[channel] + ((value - target[channel]) * weight) + 0.5f);
        }
    }
}
