namespace LatentSync.Networks.SyncNet;

/// <summary>By what a block of SyncNet divides the height and the width of its map.</summary>
internal readonly record struct Downsampling(int Down, int Across)
{
    /// <summary>The block keeps the size, and has no convolution for it.</summary>
    public bool IsNone => this == new Downsampling(1, 1);

    /// <summary>
    /// Zeros around the map before the strided convolution: below and to the right, and also on the other side of a
    /// direction that keeps its length.
    /// </summary>
    public (int Top, int Left, int Bottom, int Right) Padding => (Down == 1 ? 1 : 0, Across == 1 ? 1 : 0, 1, 1);
}
