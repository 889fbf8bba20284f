namespace LatentSync.Imaging;

/// <summary>
/// The size in pixels of the upright face crop between the frame and the model's square input: 75 x 100 units of the
/// alignment template, scaled to the model's resolution.
/// </summary>
internal readonly record struct CropSize(int Width, int Height)
{
    /// <summary>The template's width in its own units.</summary>
    public const double TemplateWidth = 75;

    /// <summary>The template's height in its own units.</summary>
    public const double TemplateHeight = 100;

    private const int MinResolution = 8;
    private const int MaxResolution = 4096;
    private const double UnitScale = 2.8;
    private const double UnitResolution = 256;

    /// <summary>Pixels per template unit at a model resolution: 2.8 at 256, 5.6 at 512.</summary>
    public static double PixelsPerUnit(int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, MinResolution);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resolution, MaxResolution);
        return resolution / UnitResolution * UnitScale;
    }

    /// <summary>The crop of a model resolution; fractions are cut off: 420 x 560 at 512.</summary>
    public static CropSize ForResolution(int resolution)
    {
        var scale = PixelsPerUnit(resolution);
        return new CropSize((int)(TemplateWidth * scale), (int)(TemplateHeight * scale));
    }
}
