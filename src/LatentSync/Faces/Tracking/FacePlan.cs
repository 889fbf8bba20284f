using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>What is done to the face of one person in one frame of the source; 56 bytes, kept for every frame.</summary>
/// <param name="Fate">Whether the face is painted.</param>
/// <param name="StartsShot">Whether nothing of the frame before may be carried over: a cut, or another person.</param>
/// <param name="Weight">How much of the painted face shows, over 0 to 1.</param>
/// <param name="Alignment">Frame pixels to crop pixels; meaningless where nothing is painted.</param>
internal readonly record struct FacePlan(FrameFate Fate, bool StartsShot, float Weight, AffineTransform Alignment)
{
    /// <summary>Whether the face is painted.</summary>
    public bool IsPainted => Fate is FrameFate.Synced or FrameFate.Bridged;
}
