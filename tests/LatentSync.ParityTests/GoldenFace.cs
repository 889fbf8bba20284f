using LatentSync.Imaging;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests;

/// <summary>The generated face of <c>align</c>: the aligned face of frame 0 with a rectangle set to one colour.</summary>
internal static class GoldenFace
{
    public const int Resolution = 512;

    private static readonly PixelRectangle Painted = new(120, 260, 400, 420);

    public static Tensor Generated512()
    {
        var image = Png.Read(Golden.Path("align/frame0_face_512.png"));
        var colour = Golden.Tensor("align/generated_512.npy");
        var face = new Tensor(3, Resolution, Resolution);
        for (var i = 0; i < Resolution * Resolution; i++)
        {
            var (x, y) = (i % Resolution, i / Resolution);
            var painted = x >= Painted.Left && x < Painted.Right && y >= Painted.Top && y < Painted.Bottom;
            for (var channel = 0; channel < 3; channel++)
            {
                face.Row(channel)[i] = painted ? colour.Data[channel] : (image.Pixels[(3 * i) + channel] / 255f * 2) - 1;
            }
        }

        return face;
    }

    /// <summary>The values of an array that the golden one has; an excerpt has NaN for the others.</summary>
    public static (float[] Actual, float[] Expected) Known(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        if (actual.Length != expected.Length)
        {
            throw new ParityException(FormattableString.Invariant($"{actual.Length} values, the reference has {expected.Length}."));
        }

        var (values, wanted) = (new List<float>(), new List<float>());
        for (var i = 0; i < expected.Length; i++)
        {
            if (Golden.IsWhole || !float.IsNaN(expected[i]))
            {
                values.Add(actual[i]);
                wanted.Add(expected[i]);
            }
        }

        return ([.. values], [.. wanted]);
    }

    /// <summary>A 2x3 matrix from six numbers, row by row.</summary>
    public static AffineTransform Transform(ReadOnlySpan<float> values) => new(values[0], values[1], values[2], values[3], values[4], values[5]);
}
