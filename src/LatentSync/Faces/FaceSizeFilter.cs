namespace LatentSync.Faces;

/// <summary>The faces that LatentSync's models were trained on; smaller or oddly shaped boxes are not synced.</summary>
internal static class FaceSizeFilter
{
    private const double MinimumWidth = 50;
    private const double MinimumHeight = 80;
    private const double MinimumAspect = 0.2;
    private const double MaximumAspect = 1.5;

    /// <summary>Whether the box, in pixels, is large enough and its width over height is that of a face.</summary>
    public static bool Accepts(FaceBox box) =>
        box is { Width: >= MinimumWidth, Height: >= MinimumHeight } && box.Width / box.Height is >= MinimumAspect and <= MaximumAspect;
}
