using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>
/// What alignment needs of a face. Points are in pixels of the frame, sub-pixel unless rounding was asked for, measured
/// from the frame's top left corner as the landmark networks give them; left and right are those of the image.
/// </summary>
/// <param name="Box">The box around the face.</param>
/// <param name="Score">The network's belief that this is a face, 0 to 1.</param>
/// <param name="LeftBrow">Centre of the eyebrow on the left of the image.</param>
/// <param name="RightBrow">Centre of the eyebrow on the right of the image.</param>
/// <param name="Nose">Centre of the nose.</param>
/// <param name="Turn">How far the face looks aside, see <see cref="FaceTurn"/>; 0 straight ahead.</param>
internal sealed record FaceLandmarks(FaceBox Box, double Score, Point2D LeftBrow, Point2D RightBrow, Point2D Nose, double Turn = 0);
