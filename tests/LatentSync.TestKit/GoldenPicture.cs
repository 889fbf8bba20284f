using LatentSync.Imaging;

namespace LatentSync.TestKit;

/// <summary>A picture of the golden data. Of an excerpt, only the opaque pixels are known; the others are black.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="Known">For each pixel, whether it is known.</param>
internal sealed record GoldenPicture(RgbImage Image, bool[] Known)
{
    /// <summary>Reads a PNG file; without transparency all of it is known.</summary>
    public static GoldenPicture Read(string path)
    {
        var (image, opacity) = Png.ReadWithOpacity(path);
        return new GoldenPicture(image, Array.ConvertAll(opacity, value => value == byte.MaxValue));
    }

    /// <summary>The values of a picture of the same size where this one is known.</summary>
    public byte[] Select(RgbImage picture) =>
        [.. Enumerable.Range(0, picture.Pixels.Length).Where(i => Known[i / RgbImage.Channels]).Select(i => picture.Pixels[i])];
}
