using LatentSync.Faces.Ahead;

namespace LatentSync.Faces.InsightFace;

/// <summary>A detected face in pixels of the frame, and the detector's belief in it, 0 to 1.</summary>
internal readonly record struct ScoredBox(FaceBox Box, double Score) : ISeenFace;
