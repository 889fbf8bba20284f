using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Where the pipeline may paint.</summary>
internal static class FaceAreas
{
    /// <summary>For each frame, the upright rectangle around its aligned face crop; empty where there is no face.</summary>
    public static IReadOnlyList<PixelRectangle> Of(IEnumerable<byte[]> frames, int width, int height, int resolution)
    {
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var (aligner, crop) = (new FaceAligner(resolution), CropSize.ForResolution(resolution));
        return [.. frames.Select(frame => landmarker.Find(new RgbImage(width, height, frame)) is { } face
            ? new PixelRectangle(0, 0, crop.Width, crop.Height).Transform(aligner.Align(face.LeftBrow, face.RightBrow, face.Nose).Invert(), margin: 2, width, height)
            : default)];
    }
}
