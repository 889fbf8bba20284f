namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>Images in memory, [image, pixel, channel], dense.</summary>
/// <param name="Buffer">Where they lie.</param>
/// <param name="Images">Images.</param>
/// <param name="Side">Rows and columns.</param>
/// <param name="Channels">Channels in memory: a multiple of 8.</param>
internal sealed record LaunchMap(LaunchBuffer Buffer, int Images, int Side, int Channels)
{
    /// <summary>Pixels of an image.</summary>
    public int Pixels => Side * Side;

    /// <summary>One row for each pixel of each image.</summary>
    public LaunchMatrix Rows => new(Buffer, 0, Images * Pixels, Channels, Channels);
}
