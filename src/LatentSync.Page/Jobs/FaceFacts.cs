namespace LatentSync.Page.Jobs;

/// <summary>A face that an analysis found, with a picture of it.</summary>
/// <param name="Picture">Its number.</param>
/// <param name="Frame">Where it was seen.</param>
/// <param name="X">Its middle in pixels of the video.</param>
/// <param name="Y">Its middle in pixels of the video.</param>
/// <param name="IsChosen">Whether its mouth is painted.</param>
public sealed record FaceFacts(int Picture, int Frame, double X, double Y, bool IsChosen)
{
    /// <summary>The value of the option <c>face</c> that chooses it.</summary>
    public string Choice => Invariant($"point:{X:0},{Y:0}@{Frame}");
}
