namespace LatentSync.Page.Jobs;

/// <summary>Where the mouth is, as shares of the picture.</summary>
/// <param name="Second">When.</param>
/// <param name="X">From the left.</param>
/// <param name="Y">From the top.</param>
/// <param name="Size">Height of the face.</param>
public sealed record MouthFacts(double Second, double X, double Y, double Size);
