namespace LatentSync.Faces.Tracking;

/// <summary>What is done to one frame of the source.</summary>
/// <param name="StartsShot">Whether nothing of the frame before may be carried over.</param>
/// <param name="Faces">One plan for each person who was followed so far; a person keeps the place in the list while followed.</param>
internal sealed record FramePlan(bool StartsShot, IReadOnlyList<FacePlan> Faces)
{
    /// <summary>The best that happens to one of the faces.</summary>
    public FrameFate Fate => Faces.Min(face => face.Fate);
}
