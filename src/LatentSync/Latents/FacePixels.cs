using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Latents;

/// <summary>Aligned faces as the networks see them: [frames, 3, height, width], RGB, -1..1.</summary>
internal static class FacePixels
{
    /// <summary>8-bit faces of one size to planes: value / 255 * 2 - 1.</summary>
    /// <param name="faces">At least one.</param>
    /// <param name="buffer">Holds the result until it is asked for the next one.</param>
    public static Tensor FromImages(IReadOnlyList<RgbImage> faces, TensorBuffer buffer)
    {
        var pixels = buffer.Get(faces.Count, RgbImage.Channels, faces[0].Height, faces[0].Width);
        for (var frame = 0; frame < faces.Count; frame++)
        {
            var planes = pixels.Row(frame);
            var interleaved = faces[frame].Pixels;
            if (interleaved.Length != planes.Length)
            {
                throw new ArgumentException("The faces of a clip differ in size.", nameof(faces));
            }

            PixelPlanes.Fill(interleaved, planes);
        }

        return pixels;
    }

    /// <summary>The faces with the region to paint set to zero (grey): pixel * mask.</summary>
    /// <param name="pixels">[frames, 3, height, width].</param>
    /// <param name="mask">[height, width]: 1 keeps, 0 is to be painted.</param>
    /// <param name="buffer">Holds the result until it is asked for the next one.</param>
    public static Tensor Masked(Tensor pixels, Tensor mask, TensorBuffer buffer)
    {
        var masked = buffer.Get([.. pixels.Shape]);
        for (var start = 0; start < pixels.Length; start += mask.Length)
        {
            TensorPrimitives.Multiply(pixels.Span.Slice(start, mask.Length), mask.Span, masked.Span.Slice(start, mask.Length));
        }

        return masked;
    }

    /// <summary>Puts the kept region back over a generated face, in place: generated * (1 - mask) + pixel * mask.</summary>
    /// <param name="generated">[3, height, width].</param>
    /// <param name="pixels">As many values.</param>
    /// <param name="mask">[height, width].</param>
    public static void Composite(Span<float> generated, ReadOnlySpan<float> pixels, ReadOnlySpan<float> mask)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(generated.Length, pixels.Length, nameof(generated));
        for (var start = 0; start < pixels.Length; start += mask.Length)
        {
            var plane = generated.Slice(start, mask.Length);
            TensorPrimitives.Lerp(plane, pixels.Slice(start, mask.Length), mask, plane);
        }
    }
}
