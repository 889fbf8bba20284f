using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Latents;

/// <summary>
/// The fixed region of the aligned face that the model repaints: cheeks, mouth and chin, without the nose. The same for
/// every face and frame; 0 where the model paints, 1 where the picture is kept, fractions along the edge once resized.
/// </summary>
internal sealed class RepaintMask
{
    private const int Side = 256;
    private const byte Keep = 255;

    // The two cheeks beside the nose: the same columns in every row down to the first of the jaw.
    private const int CheekTop = 95;
    private const int JawTop = 128;
    private const int CheekLeft = 9;
    private const int NoseLeft = 78;
    private const int NoseRight = 178;
    private const int CheekRight = 247;

    /// <summary>Builds the mask for a model resolution, a multiple of 8.</summary>
    public RepaintMask(int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resolution);
        if (resolution % LatentShape.PixelsPerLatent != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(resolution),
                resolution,
                Invariant($"The resolution must be a multiple of {LatentShape.PixelsPerLatent}.")
            );
        }

        var pixels = new byte[checked(resolution * resolution)];
        new LanczosResizer(Side, Side, resolution, resolution, channels: 1).Resize(Draw(), pixels);
        Resolution = resolution;
        Pixels = Array.ConvertAll(pixels, value => value / (float)Keep);
        Latents = Subsample(Pixels, resolution);
    }

    /// <summary>The side of the mask in pixels.</summary>
    public int Resolution { get; }

    /// <summary>[Resolution, Resolution], row by row.</summary>
    public float[] Pixels { get; }

    /// <summary>[Resolution / 8, Resolution / 8]: every eighth pixel of every eighth row, from the first.</summary>
    public float[] Latents { get; }

    /// <summary>For each row from <see cref="JawTop"/> on, the first column to repaint.</summary>
    // csharpier-ignore
    private static ReadOnlySpan<byte> JawLeft =>
        [
            9, 9, 9, 9, 9, 9, 9, 9, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
            12, 12, 12, 12, 12, 12, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17, 18, 18, 19, 19, 20, 21, 21, 22, 22, 23, 24, 25, 26, 26, 27, 28, 29, 30,
            31, 32, 33, 34, 34, 35, 36, 37, 38, 39, 40, 42, 43, 44, 45, 47, 48, 49, 51, 52, 54, 56, 57, 59, 60, 62, 64, 66, 68, 70, 72, 74, 76, 78,
            80, 82, 85, 87, 90, 93, 95, 99, 104, 108, 131,
        ];

    /// <summary>For each row from <see cref="JawTop"/> on, the column after the last to repaint.</summary>
    // csharpier-ignore
    private static ReadOnlySpan<byte> JawRight =>
        [
            248, 248, 248, 248, 248, 248, 248, 247, 247, 247, 247, 247, 247, 247, 247, 247, 247, 247, 247, 247, 247, 246, 246, 246, 246, 246, 246,
            246, 246, 246, 246, 246, 246, 246, 246, 245, 245, 245, 245, 245, 245, 245, 244, 244, 243, 243, 242, 242, 241, 241, 240, 239, 239, 238,
            237, 237, 236, 235, 235, 234, 233, 233, 232, 231, 231, 230, 229, 229, 228, 227, 226, 225, 224, 224, 223, 222, 221, 220, 219, 218, 217,
            216, 215, 214, 213, 212, 211, 209, 208, 207, 205, 204, 203, 201, 200, 198, 197, 195, 193, 192, 190, 188, 186, 184, 181, 179, 176, 174,
            172, 169, 167, 165, 161, 157, 153,
        ];

    private static byte[] Draw()
    {
        var mask = new byte[Side * Side];
        mask.AsSpan().Fill(Keep);
        for (var y = CheekTop; y < JawTop; y++)
        {
            mask.AsSpan(y * Side, Side)[CheekLeft..NoseLeft].Clear();
            mask.AsSpan(y * Side, Side)[NoseRight..CheekRight].Clear();
        }

        for (var row = 0; row < JawLeft.Length; row++)
        {
            mask.AsSpan((JawTop + row) * Side, Side)[JawLeft[row]..JawRight[row]].Clear();
        }

        return mask;
    }

    private static float[] Subsample(float[] pixels, int resolution)
    {
        var side = resolution / LatentShape.PixelsPerLatent;
        var latents = new float[side * side];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                latents[(y * side) + x] = pixels[(y * LatentShape.PixelsPerLatent * resolution) + (x * LatentShape.PixelsPerLatent)];
            }
        }

        return latents;
    }
}
