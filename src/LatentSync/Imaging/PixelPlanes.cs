namespace LatentSync.Imaging;

/// <summary>8-bit RGB as the networks see it: one plane per colour, -1..1.</summary>
internal static class PixelPlanes
{
    private static readonly float[] Levels = [.. Enumerable.Range(0, 256).Select(value => (value / 255f * 2) - 1)];

    /// <summary>Interleaved pixels to planes: value / 255 * 2 - 1.</summary>
    /// <param name="interleaved">RGB, three bytes a pixel.</param>
    /// <param name="planes">Receives as many values: all of red, of green, of blue.</param>
    public static void Fill(ReadOnlySpan<byte> interleaved, Span<float> planes)
    {
        var plane = planes.Length / RgbImage.Channels;
        for (var i = 0; i < plane; i++)
        {
            planes[i] = Levels[interleaved[3 * i]];
            planes[plane + i] = Levels[interleaved[(3 * i) + 1]];
            planes[(2 * plane) + i] = Levels[interleaved[(3 * i) + 2]];
        }
    }
}
