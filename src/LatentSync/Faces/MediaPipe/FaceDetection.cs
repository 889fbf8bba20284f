using LatentSync.Faces.Ahead;
using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>A face as the detector sees it, in pixels of the frame.</summary>
/// <param name="Box">From the brows to the chin, ear to ear.</param>
/// <param name="LeftEye">The eye on the left of the image.</param>
/// <param name="RightEye">The eye on the right of the image.</param>
/// <param name="Score">0 to 1.</param>
internal readonly record struct FaceDetection(FaceBox Box, Point2D LeftEye, Point2D RightEye, double Score) : ISeenFace;
