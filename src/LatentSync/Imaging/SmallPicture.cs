namespace LatentSync.Imaging;

/// <summary>Makes a picture small by leaving pixels out.</summary>
internal static class SmallPicture
{
    /// <summary>Every so many pixels of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="longestSide">The most pixels of a side.</param>
    public static RgbImage Of(RgbImage picture, int longestSide)
    {
        var step = DivideUp(Math.Max(picture.Width, picture.Height), longestSide);
        var small = new RgbImage(DivideUp(picture.Width, step), DivideUp(picture.Height, step));
        for (var y = 0; y < small.Height; y++)
        {
            for (var x = 0; x < small.Width; x++)
            {
                picture.Row(y * step).Slice(x * step * RgbImage.Channels, RgbImage.Channels).CopyTo(small.Row(y)[(x * RgbImage.Channels)..]);
            }
        }

        return small;
    }

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
