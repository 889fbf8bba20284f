namespace LatentSync.Page.Jobs;

/// <summary>A face that an analysis found, with a picture of it.</summary>
/// <param name="Picture">Its number.</param>
/// <param name="Frame">Where it was seen.</param>
/// <param name="Second">When that is shown.</param>
/// <param name="Box">Where it is, in pixels of the video.</param>
/// <param name="IsChosen">Whether its mouth is painted.</param>
public sealed record FaceFacts(int Picture, int Frame, double Second, BoxFacts Box, bool IsChosen)
{
    /// <summary>The value of the option <c>face</c> that chooses it.</summary>
    public string Choice => Invariant($"point:{Box.MiddleX:0},{Box.MiddleY:0}@{Frame}");
}
