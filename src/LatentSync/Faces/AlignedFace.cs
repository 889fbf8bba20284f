using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>
/// The aligned face of each frame of one video, smoothed over time. The image is overwritten by the next frame.
/// </summary>
/// <param name="resolution">Width and height of the face.</param>
internal sealed class AlignedFace(int resolution)
{
    private readonly FaceAligner _aligner = new(resolution);
    private readonly FaceCropper _cropper = new(resolution);
    private readonly RgbImage _face = new(resolution, resolution);

    /// <summary>The face cut out of the frame; null if there is none that can be aligned.</summary>
    public RgbImage? Align(RgbImage frame, FaceLandmarks? landmarks)
    {
        if (landmarks is null || _aligner.TryAlign(landmarks.LeftBrow, landmarks.RightBrow, landmarks.Nose) is not { } alignment)
        {
            return null;
        }

        _cropper.Crop(frame, alignment, _face);
        return _face;
    }
}
