using LatentSync.Faces;

namespace LatentSync.Pipeline.FileJob;

/// <summary>Faces that were seen in a video and cannot be used.</summary>
/// <param name="Small">How many were smaller than a usable one, in all frames.</param>
/// <param name="AreTurned">The faces of most frames in which none could be used are not upright.</param>
internal readonly record struct UnusableFaces(int Small, bool AreTurned)
{
    /// <summary>Those that a landmarker has seen.</summary>
    public static UnusableFaces Of(IFaceLandmarker landmarker) => new(landmarker.SmallFaces, landmarker.SeesTurnedFaces);
}
