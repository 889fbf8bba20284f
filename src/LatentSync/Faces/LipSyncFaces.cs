namespace LatentSync;

/// <summary>The faces of a frame in which the people to follow were chosen.</summary>
/// <param name="Frame">The frame of the source, from 0.</param>
/// <param name="Faces">All faces that can be used, in no order.</param>
public sealed record LipSyncFaces(int Frame, IReadOnlyList<LipSyncFace> Faces);
