using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>The faces that restorers take: three planes, red, green, blue.</summary>
internal static class FacePlanes
{
    /// <summary>Throws unless the face is [3, resolution, resolution].</summary>
    public static void RequireSize(ReadOnlySpan<float> face, int resolution)
    {
        var expected = RgbImage.Channels * resolution * resolution;
        if (face.Length != expected)
        {
            throw new ArgumentException(Invariant($"The face has {face.Length} values; at {resolution} pixels it needs {expected}."), nameof(face));
        }
    }
}
