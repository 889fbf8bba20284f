using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>
/// How much faces look like one of a picture. There is no network for that here: compared are the small aligned grey picture
/// of forehead, eyes and nose, freed of light and contrast, and the colours of the whole face. That tells people apart who
/// differ plainly, in hair, skin, beard, glasses or dress of the forehead; not siblings.
/// </summary>
internal sealed class FaceLikeness
{
    /// <summary>From here on a face counts as the one of the picture.</summary>
    public const double Alike = 0.5;

    private const int Resolution = 128;
    private const int Cells = 32;
    private const int CellSide = Resolution / Cells;

    // Below lie mouth and chin, which move.
    private const int ComparedRows = 22;

    // Light changes slowly over a face; what is left after a mean over so many cells to each side are its features.
    private const int LightRadius = 5;
    private const int ColorBins = 12;
    private const double ShapeShare = 0.6;

    private readonly AffineTransform _toSquarePixels;
    private readonly FaceAligner _aligner = new(Resolution, smooth: false);
    private readonly FaceCropper _cropper = new(Resolution);
    private readonly RgbImage _face = new(Resolution, Resolution);
    private readonly Features _wanted;

    private FaceLikeness(Features wanted, double pixelAspect) => (_wanted, _toSquarePixels) = (wanted, AffineTransform.ToSquarePixels(pixelAspect));

    /// <summary>Remembers the face of a picture.</summary>
    /// <param name="picture">The picture, whose pixels are square.</param>
    /// <param name="face">Its face.</param>
    /// <param name="pixelAspect">Width over height of a pixel of the frames that will be compared.</param>
    /// <exception cref="ArgumentException">The landmarks coincide.</exception>
    public static FaceLikeness Of(RgbImage picture, FaceLandmarks face, double pixelAspect)
    {
        var likeness = new FaceLikeness(new Features([], []), pixelAspect: 1);
        return likeness.Describe(picture, face) is { } wanted
            ? new FaceLikeness(wanted, pixelAspect)
            : throw new ArgumentException("The eyebrows and the nose coincide.", nameof(face));
    }

    /// <summary>1 for the same picture of the same face, about 0 for another's; see <see cref="Alike"/>.</summary>
    public double To(RgbImage frame, FaceLandmarks face)
    {
        if (Describe(frame, face) is not { } seen)
        {
            return 0;
        }

        var shape = Math.Max(0, TensorPrimitives.Dot<float>(_wanted.Shape, seen.Shape));
        var color = TensorPrimitives.Dot<float>(_wanted.Colors, seen.Colors);
        return (ShapeShare * shape) + ((1 - ShapeShare) * color);
    }

    private Features? Describe(RgbImage frame, FaceLandmarks face)
    {
        if (_aligner.TryAlign(face, _toSquarePixels) is not { } alignment)
        {
            return null;
        }

        _cropper.Crop(frame, _toSquarePixels.Then(alignment), _face);
        return new Features(Shape(), Colors());
    }

    /// <summary>[rows, columns] of grey without its slow changes, as a vector of length 1.</summary>
    private float[] Shape()
    {
        var grey = new float[Cells * Cells];
        for (var y = 0; y < Resolution; y++)
        {
            var row = _face.Row(y);
            for (var x = 0; x < Resolution; x++)
            {
                var at = x * RgbImage.Channels;
                grey[(y / CellSide * Cells) + (x / CellSide)] += row[at] + (2 * row[at + 1]) + row[at + 2];
            }
        }

        var shape = new float[ComparedRows * Cells];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = grey[i] - Around(grey, i % Cells, i / Cells);
        }

        return Normalise(shape);
    }

    private static float Around(float[] grey, int x, int y)
    {
        var (left, right) = (Math.Max(0, x - LightRadius), Math.Min(Cells - 1, x + LightRadius));
        var (top, bottom) = (Math.Max(0, y - LightRadius), Math.Min(Cells - 1, y + LightRadius));
        var sum = 0f;
        for (var row = top; row <= bottom; row++)
        {
            sum += TensorPrimitives.Sum<float>(grey.AsSpan((row * Cells) + left, right - left + 1));
        }

        return sum / ((right - left + 1) * (bottom - top + 1));
    }

    /// <summary>How often each pair of red and blue shares comes, as a vector of length 1 of square roots.</summary>
    private float[] Colors()
    {
        var counts = new float[ColorBins * ColorBins];
        var pixels = _face.Pixels;
        for (var i = 0; i < pixels.Length; i += RgbImage.Channels)
        {
            var sum = pixels[i] + pixels[i + 1] + pixels[i + 2] + 1f;
            counts[(Bin(pixels[i] / sum) * ColorBins) + Bin(pixels[i + 2] / sum)]++;
        }

        TensorPrimitives.Sqrt(counts, counts);
        return Normalise(counts);

        // Shares lie around a third; faces fill the range from a tenth to a bit over a half.
        static int Bin(float share) => Math.Clamp((int)((share - 0.1f) * (ColorBins / 0.45f)), 0, ColorBins - 1);
    }

    private static float[] Normalise(float[] vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }

        return vector;
    }

    private sealed record Features(float[] Shape, float[] Colors);
}
