using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>Which sides of a region are sides of its frame. Beyond the other sides the frame continues.</summary>
internal readonly record struct FrameBorders(bool Left, bool Top, bool Right, bool Bottom)
{
    /// <summary>The borders that a region shares with a frame.</summary>
    public static FrameBorders Of(PixelRectangle region, int frameWidth, int frameHeight) =>
        new(region.Left == 0, region.Top == 0, region.Right == frameWidth, region.Bottom == frameHeight);
}
