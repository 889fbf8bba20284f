namespace LatentSync.Faces.Ahead;

/// <summary>What was seen in a frame ahead of time.</summary>
/// <param name="Faces">What the detector sees.</param>
/// <param name="More">What the other detector sees; null if it was not asked.</param>
/// <param name="Fits">Closer looks at some of the faces.</param>
internal sealed record FaceSight<TFace, TFit>(IReadOnlyList<TFace> Faces, IReadOnlyList<TFace>? More, IReadOnlyDictionary<TFace, TFit> Fits)
    where TFace : struct, ISeenFace;
