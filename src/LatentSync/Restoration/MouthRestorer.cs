using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>
/// The default restoration: only what the model painted goes back into the frame, with a feathered edge inside the
/// painted region. The face is resampled once, straight from the model's pixels, with a bicubic kernel as wide as a
/// frame pixel when it shrinks; the rest of the frame keeps its bits. If asked, only what moves goes back
/// (<see cref="MovingArea"/>), in the colours and with the noise of its surroundings.
/// </summary>
internal sealed class MouthRestorer : IFaceRestorer
{
    // In about so many pixels the noise is measured, where less than this share would be painted.
    private const int GrainPixels = 2000;
    private const float StillShare = 0.1f;

    private readonly int _resolution;
    private readonly CropSize _size;
    private readonly FeatherMask _feather;
    private readonly Kernel[] _kernels;
    private readonly MovingArea? _moving;
    private readonly Grain _grain = new();

    /// <summary>A restorer for a model resolution, a multiple of 8.</summary>
    /// <param name="mask">[resolution, resolution]: 1 = keep, 0 = painted.</param>
    /// <param name="resolution">The side of the model's square.</param>
    /// <param name="threads">How many paste at once, each some rows; the result is the same.</param>
    /// <param name="area">Whether all that was painted goes back, or what moves.</param>
    public MouthRestorer(ReadOnlySpan<float> mask, int resolution, int threads = 1, PasteArea area = PasteArea.Painted)
    {
        _resolution = resolution;
        _size = CropSize.ForResolution(resolution);
        _feather = new FeatherMask(mask, resolution);
        _kernels = [.. Enumerable.Range(0, threads).Select(_ => new Kernel(resolution))];
        _moving = area == PasteArea.Moving ? new MovingArea(mask, resolution) : null;
    }

    /// <inheritdoc/>
    public void Restore(RgbImage frame, AffineTransform alignment, ReadOnlyMemory<float> face, float weight, PaintedMask? mask = null)
    {
        FacePlanes.RequireSize(face.Span, _resolution);
        var frameToFace = alignment.Then(CropToFace());
        var region = _feather.Bounds.Transform(frameToFace.Invert(), margin: 1, frame.Width, frame.Height);
        if (_feather.Bounds.IsEmpty || region.IsEmpty)
        {
            return;
        }

        mask?.Add(region);
        if (_moving is not null)
        {
            _moving.Compute(frame, frameToFace.Invert(), face.Span);
            _kernels[0].SetScale(frameToFace);
            MeasureGrain(frame, region, frameToFace, face.Span, _moving);
        }

        if (_kernels.Length == 1)
        {
            PasteBand(0);
        }
        else
        {
            Parallel.For(0, _kernels.Length, PasteBand);
        }

        void PasteBand(int band)
        {
            var (first, end) = (region.Top + (region.Height * band / _kernels.Length), region.Top + (region.Height * (band + 1) / _kernels.Length));
            var kernel = _kernels[band];
            kernel.SetScale(frameToFace);
            for (var y = first; y < end; y++)
            {
                PasteRow(frame, y, region, frameToFace, kernel, face.Span, weight, mask);
            }
        }
    }

    private void PasteRow(
        RgbImage frame,
        int y,
        PixelRectangle region,
        AffineTransform frameToFace,
        Kernel kernel,
        ReadOnlySpan<float> face,
        float weight,
        PaintedMask? mask
    )
    {
        Span<float> feather = stackalloc float[1];
        Span<float> moving = stackalloc float[1 + RgbImage.Channels];
        var row = frame.Row(y);
        for (var x = region.Left; x < region.Right; x++)
        {
            var point = frameToFace.Apply(new Point2D(x, y));
            PlaneSampler.Sample(_feather.Weights, _resolution, _resolution, point, fill: 0, feather);
            var share = weight * feather[0];
            var shift = Vector128<float>.Zero;
            if (share > 0 && _moving is not null)
            {
                PlaneSampler.Sample(_moving.Values, _moving.Side, _moving.Side, _moving.FromFace.Apply(point), fill: 0, moving);
                share *= moving[0];
                shift = Vector128.Create(moving[1], moving[2], moving[3], 0) + Vector128.Create(_grain.At(x, y));
            }

            if (share > 0)
            {
                Blend(row.Slice(x * RgbImage.Channels, RgbImage.Channels), kernel.Resample(face, point), shift, share);
                mask?.Paint(x, y, share);
            }
        }
    }

    /// <summary>Compares the noise of frame and painted face in some pixels of what does not move, each with its four neighbours.</summary>
    private void MeasureGrain(RgbImage frame, PixelRectangle region, AffineTransform frameToFace, ReadOnlySpan<float> face, MovingArea moving)
    {
        Span<float> share = stackalloc float[1];
        _grain.Begin();
        var step = Math.Max(1, (int)Math.Sqrt((double)region.Width * region.Height / GrainPixels));
        for (var y = Math.Max(region.Top, 1); y < Math.Min(region.Bottom, frame.Height - 1); y += step)
        {
            for (var x = Math.Max(region.Left, 1); x < Math.Min(region.Right, frame.Width - 1); x += step)
            {
                var point = frameToFace.Apply(new Point2D(x, y));
                PlaneSampler.Sample(_feather.Weights, _resolution, _resolution, point, fill: 0, share);
                if (share[0] < 1)
                {
                    continue;
                }

                PlaneSampler.Sample(moving.Values, moving.Side, moving.Side, moving.FromFace.Apply(point), fill: 1, share);
                if (share[0] > StillShare)
                {
                    continue;
                }

                var (at, down) = ((y * frame.Stride) + (x * RgbImage.Channels) + 1, frame.Stride);
                var pixels = frame.Pixels;
                var sides = pixels[at - RgbImage.Channels] + pixels[at + RgbImage.Channels] + pixels[at - down] + pixels[at + down];
                var painted =
                    (4 * Green(face, point))
                    - Green(face, frameToFace.Apply(new Point2D(x - 1, y)))
                    - Green(face, frameToFace.Apply(new Point2D(x + 1, y)))
                    - Green(face, frameToFace.Apply(new Point2D(x, y - 1)))
                    - Green(face, frameToFace.Apply(new Point2D(x, y + 1)));
                _grain.Take(pixels[at], (4 * pixels[at]) - sides, painted * byte.MaxValue / 2);
            }
        }

        _grain.End();
    }

    private float Green(ReadOnlySpan<float> face, Point2D point) => _kernels[0].Resample(face, point)[1];

    /// <summary>From the crop's pixels to the model's: two grids over the same area, so their corners coincide, not their first centres.</summary>
    private AffineTransform CropToFace()
    {
        var (scaleX, scaleY) = ((double)_resolution / _size.Width, (double)_resolution / _size.Height);
        return new AffineTransform(scaleX, 0, (0.5 * scaleX) - 0.5, 0, scaleY, (0.5 * scaleY) - 0.5);
    }

    private static void Blend(Span<byte> target, Vector128<float> pixel, Vector128<float> shift, float weight)
    {
        for (var channel = 0; channel < target.Length; channel++)
        {
            var value = Math.Clamp((Math.Clamp((pixel[channel] / 2) + 0.5f, 0, 1) * byte.MaxValue) + shift[channel], 0, byte.MaxValue);
            target[channel] = (byte)(target[channel] + ((value - target[channel]) * weight) + 0.5f);
        }
    }

    /// <summary>The resampling of one thread.</summary>
    private sealed class Kernel(int resolution)
    {
        private readonly CubicWindow _columns = new(resolution, Vector256<float>.Count);
        private readonly CubicWindow _rows = new(resolution, multiple: 1);

        /// <summary>As wide as a pixel of the frame is in the face.</summary>
        public void SetScale(AffineTransform frameToFace)
        {
            _columns.SetScale(Math.Sqrt((frameToFace.M11 * frameToFace.M11) + (frameToFace.M12 * frameToFace.M12)));
            _rows.SetScale(Math.Sqrt((frameToFace.M21 * frameToFace.M21) + (frameToFace.M22 * frameToFace.M22)));
        }

        /// <summary>R, G, B in -1..1 at a point of the face.</summary>
        public Vector128<float> Resample(ReadOnlySpan<float> face, Point2D point)
        {
            _columns.MoveTo(point.X);
            _rows.MoveTo(point.Y);
            var plane = resolution * resolution;
            var start = (_rows.First * resolution) + _columns.First;
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
                    offset += (nuint)resolution;
                }

                var across = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(columns), (nuint)tap);
                redSum += r * across;
                greenSum += g * across;
                blueSum += b * across;
            }

            return Vector128.Create(Vector256.Sum(redSum), Vector256.Sum(greenSum), Vector256.Sum(blueSum), 0);
        }
    }
}
