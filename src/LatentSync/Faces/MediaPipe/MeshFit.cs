using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>The mesh on a face.</summary>
/// <param name="Face">The face.</param>
/// <param name="Points">468 points in pixels of the frame.</param>
/// <param name="WorstScore">The least score of the passes after the first, 0 to 1: the first square is only as good as the detector's box.</param>
internal sealed record MeshFit(FaceLandmarks Face, Point2D[] Points, double WorstScore);
